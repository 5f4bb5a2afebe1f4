#pragma once

#include <QStringList>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/widgets/figure.h"
#include "ui/widgets/map/map_data.h"

namespace lab {

/// One map of a figure with its own rows and columns.
struct MapPanel {
    QString title;      ///< "layer 0, head 0"
    std::string block;  ///< as traces name it: "encoder.0.attention"
    int layer = 0;
    int head = 0;
    std::string input;  ///< in tables, where one head is shown on several: "kept"
    MapData data;
    std::optional<ColorScaling> scaling;  ///< its own; else the figure's. Its reach is written into the title.
    QString ownQuantity;                  ///< what its own scaling measures, if that is not the figure's quantity: drawn as a second scale
    QStringList rowLabels;                ///< what the queries are, one a row
    QStringList columnLabels;             ///< what the keys are, one a column
    std::vector<int> mutedRows{}, mutedColumns{};  ///< of tokens that stand for no text
    std::vector<int> borders{};                    ///< rows and columns before which a thin line stands
};

/// Which model looked at what, for captions.
struct MapSubject {
    QString run;
    std::int64_t step = 0;  ///< negative: not said
    QString input;          ///< its tokens, or a few words about it
    QString targetInput;    ///< of a decoder; may be empty
};

/// "Attention weights of 'Reverse' after step 3 900, layer 0, head 1: ..."; `head` may be empty. For other numbers than weights: `what`
/// they are ("Scores of '%1'") and how they are to be read.
QString mapCaption(const MapSubject& subject, const QString& head, const QString& what = {}, const QString& reading = {});

/// What stands below the maps of a figure, as wide as they are.
struct MapFooter {
    std::function<double()> height;  ///< logical px, under the theme of the figure
    std::function<void(QPainter& painter, const QRectF& room)> paint;
};

/// Maps as they are on screen with axes, labels, and one colour scale for all. Up to 64 x 64 its cells are rectangles.
class MapFigure : public Figure {
public:
    QString quantity;       ///< what the scale measures: "weight"
    std::string valueName;  ///< the same as the head of a table's column; empty: `quantity`
    ColorScaling scaling;
    int columns = 1;  ///< panels side by side
    std::vector<MapPanel> panels;
    std::vector<MapFooter> footers;  ///< below the scale

    FigureTable table() const override;

protected:
    QSizeF bodySize(double width) const override;
    void paintBody(QPainter& painter, double width) const override;

private:
    /// How the panels stand.
    struct Grid {
        double cell = 1;
        int across = 1;      ///< panels side by side
        int linesOfRow = 1;  ///< a row of `columns` panels takes so many lines
        QSizeF step;
    };
    Grid gridFor(double width) const;
    QSizeF panelSize(const MapPanel& panel, double cell) const;
    double scaleRoom() const;
    double footersRoom() const;
    bool anyMasked() const;
    QString titleOf(const MapPanel& panel) const;
    bool hasOwnReaches() const;
    QString measured() const;
    void paintPanel(QPainter& painter, const MapPanel& panel, double cell) const;
    void paintFooters(QPainter& painter, const QSizeF& whole) const;
};

/// What the columns are, below them, in the painter's font and colour, as small as they must be; then a label that would touch the one
/// before it is left out.
void paintColumnLabels(QPainter& painter, const QRectF& room, const QStringList& labels, int columns);

/// The horizontal scale of a figure in a room so wide: colours, ticks at quarters, and what is measured. Returns its right edge.
double paintFigureScale(QPainter& painter, const QPointF& at, const ColorScaling& scaling, const QString& quantity, double room = 600);

// Logical px.
constexpr double figureScaleHeight = 36;

}  // namespace lab
