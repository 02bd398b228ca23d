"""Time: when poses leave, where their time went, and when a dancer that falls behind must rest."""
