enum Level { Low, High = 2 } level;
