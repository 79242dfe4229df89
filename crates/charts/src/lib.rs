//! Plots as SVG text, made on the server: no script, no style attributes, themed by classes.
