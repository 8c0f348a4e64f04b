"""Pages that need several rooms: composed here, from each room's questions."""
