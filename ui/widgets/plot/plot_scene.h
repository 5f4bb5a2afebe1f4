#pragma once

#include <QString>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ui/widgets/plot/plot_field.h"
#include "ui/widgets/theme.h"

namespace lab {

/// One curve y(x), x ascending.
struct PlotSeries {
    QString name;
    Role role = Role::series1;
    double width = 2.2;
    bool dots = false;  ///< a mark at each whole x
    bool line = true;
    bool squares = false;  ///< marks at each value
    bool onTop = false;    ///< drawn last
    QString verdict{};     ///< bold behind the value in the colour of what is wrong: "\u00D7 false"
    std::vector<double> x{}, y{};
    std::vector<double> low{}, high{};  ///< of its band, at x; NaN where there is none, empty without one
    QString bandName{};
    std::vector<std::pair<std::size_t, QString>>
        pointNames{};    ///< beside the point of that index, as far as there is room; first come first
    bool quiet = false;  ///< of a function: neither in the legend nor marked at the hand

    PlotValues values() const { return {x, y}; }
};

/// What a plot shows, apart from the hand's crosshair.
struct PlotScene {
    enum class Kind {
        function,  ///< of a position, pair, channel: the first curve lies on top, x is titled below its labels
        progress   ///< of a training: x from 0 to the last value, curves named beside their lines, read at their last values
    };
    struct Mark {
        double x = 0;
        QString label;
    };
    struct Level {
        double y = 0;
        QString label;
    };
    struct Shade {
        double from = 0, to = 0;
        QString label;
    };
    struct Hand {
        double x = 0;
        QString flag;
        bool movable = true;
    };

    Kind kind = Kind::function;
    std::vector<PlotSeries> series{};
    std::vector<Mark> marks{};     ///< dotted uprights
    std::vector<Level> levels{};   ///< dotted lines, named at their right ends; the y range includes them
    std::optional<Shade> shade{};  ///< a range of x on a shade of its own: what training has seen
    std::optional<Hand> hand{};    ///< the value of x that is shown elsewhere: amber
    bool namesAtEnds = false;      ///< of a function: its curves are named right of their last points, in a room beside the plot
    bool wholeX = true;            ///< of a function: positions, pairs and channels are marked at whole numbers only
    AxisScale xScale = AxisScale::linear, yScale = AxisScale::linear;
    std::optional<std::pair<double, double>> xRange{}, yRange{};  ///< else from the data
    QString xTitle{}, emptyText{};
    std::function<QString(double)> reading{};  ///< of y
    std::function<QString(double)> flag{};     ///< of the crosshair's x; empty: it has none

    bool progress() const { return kind == Kind::progress; }
    bool isEmpty() const;
    PlotAxis xAxis() const;
    PlotAxis yAxis() const;
};

}  // namespace lab
