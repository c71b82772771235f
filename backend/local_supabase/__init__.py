"""The embedded Supabase: for trying, developing, testing and small pilots on one machine."""

from backend.local_supabase.failure import StackError
from backend.local_supabase.migrate import apply
from backend.local_supabase.packages import install
from backend.local_supabase.stack import Access, Limits, Stack, erase

__all__ = ["Access", "Limits", "Stack", "StackError", "apply", "erase", "install"]
