#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/explain/walk.h"

// Small pictures beside a statement, as data: what is drawn, never how.

namespace lab::explain {

/// Whose numbers these are: nobody's in particular, what was claimed, what is right.
enum class Tone { plain, claimed, right };

/// Groups of bars, one bar a series in each; negative ones hang below the line.
struct BarsDrawing {
    struct Series {
        Words name;
        std::vector<double> values;  ///< one a label
        Tone tone = Tone::plain;
    };
    Words title;
    std::vector<Words> labels;
    std::vector<Series> series;
    int digits = 3;
};

/// A matrix, its numbers written into the cells where there is room.
struct CellsDrawing {
    Words title;
    int rows = 0, columns = 0;
    std::vector<double> values;                      ///< [rows, columns]; NaN = nothing there
    std::vector<std::string> rowNames, columnNames;  ///< empty: counted from 0
    bool shares = false;                             ///< 0 .. 1 on the sequential scale; else signed around 0
    int digits = 2;
    Tone tone = Tone::plain;
};

/// Curves over one axis.
struct CurvesDrawing {
    struct Series {
        Words name;
        std::vector<double> y;  ///< at each x
        Tone tone = Tone::plain;
    };
    struct Level {
        double y = 0.0;
        Words name;
    };
    Words title, across;    ///< what x is
    std::vector<double> x;  ///< ascending
    std::vector<Series> series;
    std::vector<Level> levels;
    bool logarithmic = false;  ///< y
};

/// Vectors of a plane from (0, 0), or from where they are said to begin.
struct ArrowsDrawing {
    struct Arrow {
        Words name;
        double x = 0.0, y = 0.0;
        Tone tone = Tone::plain;
        double fromX = 0.0, fromY = 0.0;
    };
    Words title;
    std::vector<Arrow> arrows;
    double circle = 0.0;  ///< radius around (0, 0); 0: none
};

/// Lines of boxes with arrows from each to the next: a computation's order, or its shapes.
struct BoxesDrawing {
    struct Box {
        Words name, below;  ///< below: its shape
        Tone tone = Tone::plain;
    };
    struct Line {
        Words name;
        std::vector<Box> boxes;
    };
    Words title;
    std::vector<Line> lines;
};

using Drawing = std::variant<BarsDrawing, CellsDrawing, CurvesDrawing, ArrowsDrawing, BoxesDrawing>;

const Words& titleOf(const Drawing& drawing);
/// Its numbers in a sentence or a list, for who cannot see it.
Words inWords(const Drawing& drawing);

}  // namespace lab::explain
