#pragma once

#include <QPainterPath>
#include <optional>
#include <span>
#include <vector>

#include "core/stream/circuit_graph.h"
#include "ui/scenes/head_names.h"
#include "ui/widgets/theme.h"

class QPainter;

namespace lab {

/// "Q", "K", "V": what of a head is made of what an earlier one wrote.
QString endLetter(PathEnd end);
Role endRole(PathEnd end);

/// Heads of two neighbouring layers as nodes, the later above, and who reads whom as lines: colour and dash say through what, the width how
/// much. For the screen and for paper.
struct CircuitScene {
    struct Head {
        QString name;
        HeadBadge badge;
    };
    struct Line {
        int first = 0, second = 0;
        PathEnd end = PathEnd::key;
        double value = 0;
    };
    /// Where a point lies.
    struct Hit {
        std::optional<int> first, second;  ///< one: a node; both: a line
        PathEnd end = PathEnd::key;

        bool isNone() const { return !first && !second; }
    };

    std::vector<Head> first, second;
    std::vector<Line> lines;  ///< that are shown, the strongest last
    int chosenFirst = 0, chosenSecond = 0;
    PathEnd chosenEnd = PathEnd::key;
    QString foot;  ///< which lines are left out

    bool isChosen(const Line& line) const { return line.first == chosenFirst && line.second == chosenSecond && line.end == chosenEnd; }
    void paint(QPainter& painter, const QRectF& room) const;
    Hit at(const QPointF& point, const QRectF& room) const;

private:
    QRectF node(bool second, int head, const QRectF& room) const;
    QPainterPath path(const Line& line, const QRectF& room) const;
    void paintLines(QPainter& painter, const QRectF& room) const;
    void paintValues(QPainter& painter, const QRectF& room) const;
    void paintNode(QPainter& painter, bool second, int head, const QRectF& room) const;
    void paintFoot(QPainter& painter, const QRectF& room) const;
};

inline constexpr PathEnd everyPathEnd[] = {PathEnd::query, PathEnd::key, PathEnd::value};
/// From this value on a line is drawn.
constexpr double leastCircuitLine = 0.08;

/// The graph of two blocks whose heads are called so: lines through `ends` of `least` or more. The strongest is chosen.
CircuitScene circuitScene(const CircuitGraph& graph, std::vector<CircuitScene::Head> first, std::vector<CircuitScene::Head> second,
                          std::span<const PathEnd> ends, bool aboveRandom, double least = leastCircuitLine);

}  // namespace lab
