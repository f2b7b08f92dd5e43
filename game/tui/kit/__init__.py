"""The terminal kit: text in cells, charts, themes and a few widgets that draw themselves.

It imports no other ``game`` package, so it can be read, tested and changed alone.

======================  =========================================================================
`linebreak`, `text`     where a Chinese or English line may break; fit, wrap and columns in cells
`patches`               the two mends for Rich and Textual (wrapping, SVG), each tested
`theme`                 palettes, Textual themes, and the two sets of glyphs
`draw`                  styles and strips: how every row here is put together
`charts`                all charts under one name (`fan`, `lines`, `bars`, `waterfall`)
`chrome`                `TitleBar` and `KeyBar`
`panel`, `paper`        `Panel`, the base of panels that draw themselves; `Paper`, long text
======================  =========================================================================

A chart is a pure function from values to rows; every row it returns is exactly as wide as asked.
"""
