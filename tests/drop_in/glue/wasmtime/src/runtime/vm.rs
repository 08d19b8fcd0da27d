mod vmgen;
