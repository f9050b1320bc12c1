"""What people look at: tables and pictures, in their language and in readable units."""
