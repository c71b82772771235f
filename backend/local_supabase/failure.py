"""The one error the embedded stack raises towards whoever starts it."""


class StackError(Exception):
    """Why the embedded Supabase cannot run, in one sentence a newcomer can act on."""
