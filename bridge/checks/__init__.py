"""What `transflower doctor` looks at: functions that look at one thing each and say what they found."""
