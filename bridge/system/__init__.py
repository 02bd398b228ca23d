"""What is asked of the operating system: child processes, interrupts, ports, addresses, clients."""
