"""What people see: properties, operators, panels, and the timer that drives the session."""
