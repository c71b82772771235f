"""What every page stands on: the build, the headers, the connection, the errors."""
