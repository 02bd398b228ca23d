"""What reaches the bridge over the network: control messages, VMC from others, OSCQuery."""
