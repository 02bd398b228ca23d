"""Pictures and films of a dance: one way of drawing for the contact sheet, the looping picture and the film."""
