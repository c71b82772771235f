"""What the service does: one module per capability, speaking to Supabase as the person who asks."""
