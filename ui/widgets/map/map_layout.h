#pragma once

#include <QImage>
#include <QString>
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "ui/widgets/map/map_data.h"
#include "ui/widgets/theme.h"

// What a map shows and where it lies.

namespace lab {

/// A cell of a map; row = query, column = key, from 0.
struct MapCell {
    int row = -1;
    int column = -1;

    bool valid() const { return row >= 0 && column >= 0; }
    bool operator==(const MapCell&) const = default;
};

/// A row or a column that stands out while the others step back.
struct MapLight {
    enum class Axis { none, row, column };
    Axis axis = Axis::none;
    int index = 0;

    bool operator==(const MapLight&) const = default;
};

/// What the hand does to a map; paper has none of it.
struct MapMarks {
    MapCell shown;  ///< under the mouse, else selected
    MapCell hover;
    MapCell selection;  ///< a column of -1: a whole row
    MapLight light;
    bool focused = false;  ///< by the keyboard
};

/// What stands in a cell that is more than a number.
struct MapCellText {
    QString text, below;      ///< `below` where there is room
    Role role = Role::muted;  ///< of the text where no colour lies behind it
};

/// What a map shows, with all that stands around it.
struct MapContent {
    MapPicture picture;
    std::vector<int> borders;                         ///< rows and columns before which a thin line stands
    std::function<bool(MapCell)> marked;              ///< cells that stand out in the row in hand; may be null
    MapCell framed;                                   ///< the one that was taken, of a table
    std::vector<QString> rowNames, columnNames;       ///< tokens, values of a key: as many as rows and columns, or none
    std::vector<int> mutedRows, mutedColumns;         ///< of tokens that stand for no text: their names step back
    std::vector<QImage> rowPictures, columnPictures;  ///< in the place of names, where there are any: patches of a picture
    QString rows, columns;                            ///< what they are: "query i"
    QString quantity;                                 ///< what a value is: "angle", or how it is called: "a"
    std::function<QString(double)> format;            ///< of a value
    std::function<MapCellText(MapCell)> texts;        ///< of a table's cells
    bool square = false;                              ///< cells that fill their room are squares nevertheless
    QString hiddenName;                               ///< said of what takes no part, which then is empty, not hatched

    const MapData& data() const { return picture.data(); }
    /// A cell's value; `masked` where it takes no part.
    QString written(MapCell cell) const;
};

/// Which part of a map is looked at: all of it, or from `origin` (in cells) on with cells of the given side.
struct MapView {
    double cell = 0.0;  ///< 0 = all of it, as large as the room lets it be
    QPointF origin;

    bool whole() const { return cell <= 0.0; }
};

/// What there is for a map: `dots` device pixels make one device-independent px. What `view` asks for beyond the map's edges is moved
/// inside. On paper every name stands, as small as it must.
struct MapRoom {
    QSizeF size;
    double dots = 1.0;
    MapView view{};
    bool paper = false;
};

/// Measures of a map in device-independent px: where the cells lie and how labels are set.
struct MapLayout {
    QSizeF room;               ///< of everything
    QSizeF cell;               ///< its gap included
    double gap = 0.0;          ///< right of and below a cell
    double wholeCell = 0.0;    ///< the side of a cell when all cells are looked at
    QRectF map;                ///< the cells that are looked at
    QPointF origin;            ///< in cells: what lies at the map's top left corner
    double left = 0.0;         ///< of the row caption
    double indexRight = 0.0;   ///< right edge of the row indices
    double tokenRight = 0.0;   ///< right edge of the row tokens
    double indexBottom = 0.0;  ///< of the column indices
    double tokenBottom = 0.0;  ///< of the column tokens
    int rowStep = 1;           ///< every how many rows carry a label
    int columnStep = 1;
    int indexStep = 1;           ///< columns whose label carries its index
    bool uprightColumns = true;  ///< false: long column tokens are turned
    bool numbers = false;        ///< in cells where they fit
    bool shapes = false;         ///< cells are rectangles instead of a picture: on paper, and in tables
    bool paper = false;
    int letters = 0;  ///< px of tokens and indices; 0: as large as cells let them be

    bool empty() const { return cell.isEmpty(); }
    double x(double column) const { return map.left() + (column - origin.x()) * cell.width(); }
    double y(double row) const { return map.top() + (row - origin.y()) * cell.height(); }
    QRectF cells() const {
        return empty() ? QRectF() : QRectF(origin.x(), origin.y(), map.width() / cell.width(), map.height() / cell.height());
    }
    /// A column of -1: the whole row.
    QRectF cellRect(MapCell at) const {
        return at.column < 0 ? QRectF(map.left(), y(at.row), map.width(), cell.height()) : QRectF(QPointF(x(at.column), y(at.row)), cell);
    }
    MapCell cellAt(const QPointF& position, const MapData& data) const;
    int firstRow() const { return static_cast<int>(origin.y()); }
    int firstColumn() const { return static_cast<int>(origin.x()); }
    int endRow(const MapData& data) const { return std::min(data.rows, static_cast<int>(std::ceil(cells().bottom() - 1e-6))); }
    int endColumn(const MapData& data) const { return std::min(data.columns, static_cast<int>(std::ceil(cells().right() - 1e-6))); }
};

/// How a map is laid into its room, what stands around its cells, and what a hand may do with it. Without state.
class MapForm {
public:
    /// Square cells with indices and tokens along them: may be looked at closely, lit up and locked; a card tells the cell in hand.
    static const MapForm& tokens();
    /// Cells that fill their room, with indices, axis names, scale and a reading of the cell in hand.
    static const MapForm& values();
    /// Boxes with words in them under the names of rows and columns; a click is an answer.
    static const MapForm& table();

    virtual ~MapForm() = default;
    bool isTokens() const { return this == &tokens(); }
    bool isTable() const { return this == &table(); }

    virtual MapLayout layout(const MapContent& content, const MapRoom& room) const = 0;
    /// Names, axes and scale.
    virtual void paintAround(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const = 0;
    virtual void paintMarks(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const = 0;
    /// "query 5 “9” → key 10 “5”".
    virtual QString place(const MapContent& content, MapCell cell) const = 0;
    /// The same with the cell's value.
    QString reading(const MapContent& content, MapCell cell) const;
    virtual QSize sizeHint(const MapContent& content) const = 0;
    virtual QSize minimumSizeHint(const MapContent& content) const = 0;
};

/// What a map of tokens takes around cells of this side, which needs no more: left, top, right, bottom.
QMarginsF tokenMargins(const MapContent& content, double cell);
/// The largest side of a cell of a map of tokens.
double largestCell();

/// " “9”"; nothing without a name.
QString quotedName(const std::vector<QString>& names, int index);

/// The first of 1, 2, 4, 5, 8, 10, 16, 20, ... that is not below `needed`.
int niceStep(double needed);

}  // namespace lab
