#include <QPainter>
#include <QSet>
#include <algorithm>

#include "ui/widgets/elided_label.h"
#include "ui/widgets/elided_texts.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/piece_text.h"

namespace lab {
namespace {

// Logical px at 100 % (LOOK.md 4 and maps.html).
constexpr int captionRoom = 15;
constexpr int indexRoom = 14;
constexpr int tokenFormPatchSide = 17;  // of a picture in the place of a token
constexpr int tokenRoom = 19;
constexpr int tokenFormRightRoom = 12;
constexpr int bottomRoom = 6;
constexpr int tokenFormLargestCellSide = 56;
constexpr int gapFrom = 8;
constexpr int numbersFrom = 30;
constexpr int largestSide = 420, smallestSide = 200;

QFont sized(QFont font, int letters) {
    if (letters > 0) font.setPixelSize(std::min(letters, font.pixelSize()));
    return font;
}

QFont tokenFont(const MapLayout& layout, bool bold) {
    const Theme& theme = Theme::instance();
    const double cell = layout.cell.width();
    const TextSize size = cell >= theme.px(20) ? TextSize::token : cell >= theme.px(14) ? TextSize::text : TextSize::caption;
    return sized(theme.font(size, bold), layout.letters);
}

QFont indexFont(const MapLayout& layout) {
    return sized(Theme::instance().font(TextSize::caption), layout.letters);
}

int widestOf(const QFont& font, const std::vector<QString>& texts) {
    // A long sequence has few different tokens.
    const QSet<QString> different(texts.begin(), texts.end());
    int result = 0;
    for (const QString& text : different) result = std::max(result, pieceWidth(font, text));
    return result;
}

/// Around the cells.
class Around {
public:
    explicit Around(const MapContent& content) {
        const Theme& theme = Theme::instance();
        const QFont bold = theme.font(TextSize::token, true);
        const bool patches = !content.columnPictures.empty();
        const int rowToken = patches ? theme.px(tokenFormPatchSide + 16) : std::min(widestOf(bold, content.rowNames), longestWord());
        columnToken = patches ? theme.px(tokenFormPatchSide) : std::min(widestOf(bold, content.columnNames), longestWord());
        captionTop = content.columns.isEmpty() ? 0 : theme.px(captionRoom);
        indexRight = (content.rows.isEmpty() ? 0 : theme.px(captionRoom)) + theme.px(4) +
                     textWidth(theme.font(TextSize::caption), QString::number(content.data().rows - 1));
        tokenRight = indexRight + (rowToken > 0 ? theme.px(8) + rowToken : 0);
        left = tokenRight + theme.px(9);
    }

    double top(bool upright) const {
        const Theme& theme = Theme::instance();
        const int token = columnToken == 0 ? 0 : upright ? theme.px(tokenRoom) : columnToken + theme.px(4);
        return captionTop + theme.px(indexRoom) + token + theme.px(5);
    }

    /// Tokens of one or two signs are thinned out when cells are small, on paper they shrink; words are turned.
    bool turned(const MapContent& content, double cell, bool paper) const {
        const Theme& theme = Theme::instance();
        if (!content.columnPictures.empty()) return false;
        if (!paper || cell < smallestLabelPixels) return columnToken > theme.px(48) && columnToken > cell - 2;
        return widestOf(sized(theme.font(TextSize::caption), smallestLabelPixels), content.columnNames) > cell - 1;
    }

    int columnToken = 0, captionTop = 0;
    double indexRight = 0, tokenRight = 0, left = 0;
};

/// The room right of and below the labels shared out among the cells.
double cellFor(double width, double height, const MapData& data, double dots) {
    return snappedCell(std::max(std::min({width / data.columns, height / data.rows, largestCell()}), 0.0), dots);
}

/// Lets the cells grow to the size asked for and fills `room` with the part asked for, to whole dots.
void lookCloser(MapLayout& layout, const MapData& data, const QRectF& room, double dots, const MapView& view) {
    const double left = layout.map.left(), cell = std::min(view.cell, largestCell());
    layout.cell = {cell, cell};
    layout.map = QRectF(std::floor(room.left()), room.top(), std::min(std::floor(room.width()), cell * data.columns),
                        std::min(std::floor(room.height()), cell * data.rows));
    layout.map.translate(std::floor((room.width() - layout.map.width()) / 2), 0);
    const auto inside = [&](double origin, double shown, int count) {
        const double dot = cell * dots;
        return std::clamp(std::round(origin * dot) / dot, 0.0, std::max(count - shown / cell, 0.0));
    };
    layout.origin = {inside(view.origin.x(), layout.map.width(), data.columns), inside(view.origin.y(), layout.map.height(), data.rows)};
    const double shift = layout.map.left() - left;
    for (double* edge : {&layout.left, &layout.indexRight, &layout.tokenRight}) *edge += shift;
}

/// On screen some labels are left out; on paper all shrink until they fit, or until they could not be read.
void spaceLabels(MapLayout& layout, const MapContent& content, const Around& around) {
    const Theme& theme = Theme::instance();
    const QFont caption = theme.font(TextSize::caption);
    const QString lastColumn = QString::number(content.data().columns - 1);
    const double cell = layout.cell.width();
    const int columnText = std::max(textWidth(caption, lastColumn), layout.uprightColumns ? around.columnToken : theme.px(12));
    layout.rowStep = niceStep(theme.px(13) / cell);
    layout.columnStep = layout.indexStep = niceStep((columnText + theme.px(3)) / cell);
    if (!layout.paper || cell < smallestLabelPixels) return;
    const auto fits = [&](int letters) {
        return letters <= cell && (!layout.uprightColumns || widestOf(sized(caption, letters), content.columnNames) <= cell - 1);
    };
    layout.letters = theme.font(TextSize::token).pixelSize();
    while (layout.letters > smallestLabelPixels && !fits(layout.letters)) --layout.letters;
    layout.rowStep = layout.columnStep = 1;
    layout.indexStep = niceStep((textWidth(indexFont(layout), lastColumn) + theme.px(2)) / cell);
}

class LabelPainter {
public:
    LabelPainter(QPainter& painter, const MapLayout& layout, const MapContent& content)
        : m_painter(painter), m_layout(layout), m_content(content) {}

    void row(int i, bool shown) {
        const Theme& theme = Theme::instance();
        const double height = std::max<double>(m_layout.cell.height(), theme.px(16));
        const double top = m_layout.y(i + 0.5) - height / 2;
        const QRectF index(0, top, m_layout.indexRight, height);
        put(index, Qt::AlignRight | Qt::AlignVCenter, QString::number(i), indexFont(m_layout), shown ? Role::accent : Role::muted);
        if (i >= static_cast<int>(m_content.rowNames.size())) return;
        const QRectF token(0, top, m_layout.tokenRight, height);
        if (putPatch(m_content.rowPictures, i, token, shown)) return;
        const QFont font = tokenFont(m_layout, shown);
        putWord(token, Qt::AlignRight | Qt::AlignVCenter, m_content.rowNames[static_cast<std::size_t>(i)], font,
                nameRole(m_content.mutedRows, i, shown));
    }

    void column(int j, bool shown) {
        const Theme& theme = Theme::instance();
        const double centre = m_layout.x(j + 0.5);
        const double half = longestWord();
        const QRectF index(centre - half, m_layout.indexBottom - theme.px(indexRoom), 2 * half, theme.px(indexRoom));
        if (shown || j % m_layout.indexStep == 0)
            put(index, Qt::AlignCenter, QString::number(j), indexFont(m_layout), shown ? Role::accent : Role::muted);
        if (j >= static_cast<int>(m_content.columnNames.size())) return;
        const QRectF patch(centre - half, m_layout.indexBottom, 2 * half, m_layout.tokenBottom - m_layout.indexBottom);
        if (putPatch(m_content.columnPictures, j, patch, shown, true)) return;
        const QFont font = tokenFont(m_layout, shown);
        const QString& word = m_content.columnNames[static_cast<std::size_t>(j)];
        const Role role = nameRole(m_content.mutedColumns, j, shown);
        if (m_layout.uprightColumns) {
            putWord(QRectF(centre - half, m_layout.indexBottom, 2 * half, m_layout.tokenBottom - m_layout.indexBottom), Qt::AlignCenter,
                    word, font, role);
            return;
        }
        m_painter.save();
        m_painter.translate(centre, m_layout.tokenBottom);
        m_painter.rotate(-90);
        putWord(QRectF(0, -theme.px(10), m_layout.tokenBottom - m_layout.indexBottom, theme.px(20)), Qt::AlignLeft | Qt::AlignVCenter, word,
                font, role);
        m_painter.restore();
    }

    void captions() {
        const Theme& theme = Theme::instance();
        const QRectF& map = m_layout.map;
        const QFont font = theme.font(TextSize::caption);
        put(QRectF(map.center().x() - theme.px(150), 0, theme.px(300), theme.px(captionRoom)), Qt::AlignCenter, m_content.columns, font,
            Role::muted);
        m_painter.save();
        m_painter.translate(m_layout.left + theme.px(captionRoom) / 2.0, map.center().y());
        m_painter.rotate(-90);
        put(QRectF(-theme.px(150), -theme.px(8), theme.px(300), theme.px(16)), Qt::AlignCenter, m_content.rows, font, Role::muted);
        m_painter.restore();
    }

private:
    void put(const QRectF& rect, int flags, const QString& text, const QFont& font, Role role) {
        m_painter.setFont(font);
        m_painter.setPen(Theme::instance().color(role));
        m_painter.drawText(rect, flags, text);
    }

    /// A patch at the right end of its room, or in the middle; false where a word stands.
    bool putPatch(const std::vector<QImage>& patches, int i, const QRectF& room, bool shown, bool centred = false) {
        if (i >= static_cast<int>(patches.size()) || patches[static_cast<std::size_t>(i)].isNull()) return false;
        const Theme& theme = Theme::instance();
        const double side =
            std::min<double>({theme.px(tokenFormPatchSide) - 1.0, room.height(), std::max(m_layout.cell.width(), theme.px(6) * 1.0)});
        const double left = centred ? room.center().x() - side / 2 : room.right() - side;
        const QRectF place(left, room.center().y() - side / 2, side, side);
        m_painter.drawImage(place, patches[static_cast<std::size_t>(i)]);
        drawFrame(m_painter, place, 0, theme.color(shown ? Role::accent : Role::hairline));
        return true;
    }

    void putWord(const QRectF& rect, int flags, const QString& word, const QFont& font, Role role) {
        const QString shown = elidedWord(font, word);
        m_painter.setFont(font);
        m_painter.setPen(Theme::instance().color(role));
        drawPiece(m_painter, rect, Qt::Alignment(flags) & Qt::AlignHorizontal_Mask, shown);
        if (shown != word) noteElided(m_painter, rect, word);
    }

    static Role nameRole(const std::vector<int>& muted, int i, bool shown) {
        return shown ? Role::accent : std::ranges::find(muted, i) != muted.end() ? Role::muted : Role::text;
    }

    QPainter& m_painter;
    const MapLayout& m_layout;
    const MapContent& m_content;
};

/// Dashed frames along a row and a column.
void paintFrames(QPainter& painter, const MapLayout& layout, MapCell cell) {
    const QRectF& map = layout.map;
    painter.save();
    painter.setClipRect(map.adjusted(-2, -2, 2, 2), Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing, false);
    QPen pen(Theme::instance().color(Role::text), 0);
    pen.setDashPattern({3, 2});
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(map.left() - 1, layout.y(cell.row) - 1, map.width(), layout.cell.height()));
    painter.drawRect(QRectF(layout.x(cell.column) - 1, map.top() - 1, layout.cell.width(), map.height()));
    painter.restore();
}

/// Nested outlines, visible on any colour.
void paintSelection(QPainter& painter, const QRectF& cell, bool focused) {
    const Theme& theme = Theme::instance();
    const double unit = theme.scale();
    const QRectF filled = cell.adjusted(0, 0, -1, -1);  // without the gap
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);
    const auto outline = [&](double outside, double width, const QColor& color) {
        painter.setPen(QPen(color, width * unit, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        const double d = outside * unit;
        painter.drawRect(filled.adjusted(-d, -d, d, d));
    };
    if (focused) outline(6.0, 2.0, theme.color(Role::accent));
    outline(3.5, 1.5, theme.color(Role::screen));
    outline(1.5, 2.5, theme.color(Role::fill));
    outline(-0.5, 1.0, Qt::black);
}

class TokenForm : public MapForm {
public:
    MapLayout layout(const MapContent& content, const MapRoom& room) const override;

    void paintAround(QPainter& painter, const MapContent& content, const MapLayout& layout, const MapMarks& marks) const override {
        const MapData& data = content.data();
        const MapCell shown = marks.shown;
        LabelPainter label(painter, layout, content);
        label.captions();
        // Beside the shown label its thinned-out neighbours give way; so do labels of cells that are seen less than half.
        const auto painted = [](int i, int step, int cell) {
            return i % step == 0 && (cell < 0 || i == cell || std::abs(i - cell) >= step);
        };
        const auto seen = [](double at, double from, double to) { return at >= from && at <= to; };
        const QRectF& map = layout.map;
        for (int i = layout.firstRow(); i < layout.endRow(data); ++i)
            if ((i == shown.row || painted(i, layout.rowStep, shown.row)) && seen(layout.y(i + 0.5), map.top(), map.bottom()))
                label.row(i, i == shown.row);
        for (int j = layout.firstColumn(); j < layout.endColumn(data); ++j)
            if ((j == shown.column || painted(j, layout.columnStep, shown.column)) && seen(layout.x(j + 0.5), map.left(), map.right()))
                label.column(j, j == shown.column);
    }

    void paintMarks(QPainter& painter, const MapContent&, const MapLayout& layout, const MapMarks& marks) const override {
        if (marks.shown.valid()) paintFrames(painter, layout, marks.shown);
        if (!marks.selection.valid()) return;
        const double around = Theme::instance().px(8);
        painter.save();
        painter.setClipRect(layout.map.adjusted(-around, -around, around, around));
        paintSelection(painter, layout.cellRect(marks.selection), marks.focused);
        painter.restore();
    }

    QString place(const MapContent& content, MapCell cell) const override {
        return Map::tr("query %1%2 \u2192 key %3%4")
            .arg(QString::number(cell.row), quotedName(content.rowNames, cell.row), QString::number(cell.column),
                 quotedName(content.columnNames, cell.column));
    }

    QSize sizeHint(const MapContent&) const override { return QSize(1, 1) * Theme::instance().px(largestSide); }
    QSize minimumSizeHint(const MapContent&) const override { return QSize(1, 1) * Theme::instance().px(smallestSide); }
};

MapLayout TokenForm::layout(const MapContent& content, const MapRoom& room) const {
    MapLayout layout;
    const MapData& data = content.data();
    if (data.empty()) return layout;
    const Theme& theme = Theme::instance();
    const Around around(content);
    const double width = room.size.width() - around.left - theme.px(tokenFormRightRoom);
    const auto heightBelow = [&](double top) { return room.size.height() - top - theme.px(bottomRoom); };
    double top = around.top(true);
    double cell = cellFor(width, heightBelow(top), data, room.dots);
    layout.uprightColumns = !around.turned(content, cell, room.paper);
    if (!layout.uprightColumns) {
        top = around.top(false);
        cell = cellFor(width, heightBelow(top), data, room.dots);
    }
    layout.room = room.size;
    layout.shapes = layout.paper = room.paper;
    layout.cell = {cell, cell};
    layout.wholeCell = cell;
    const double shift = std::floor(std::max(0.0, width - cell * data.columns) / 2);
    layout.left = shift;
    layout.indexRight = around.indexRight + shift;
    layout.tokenRight = around.tokenRight + shift;
    layout.map = QRectF(around.left + shift, top, cell * data.columns, cell * data.rows);
    if (!room.view.whole() && room.view.cell > cell)
        lookCloser(layout, data, QRectF(around.left, top, width, heightBelow(top)), room.dots, room.view);
    layout.indexBottom = around.captionTop + theme.px(indexRoom);
    layout.tokenBottom = top - theme.px(5);
    layout.gap = layout.cell.width() >= theme.px(gapFrom) ? 1 : 0;
    layout.numbers = layout.cell.width() >= theme.px(numbersFrom);
    if (!layout.empty()) spaceLabels(layout, content, around);
    return layout;
}

}  // namespace

double largestCell() {
    return Theme::instance().px(tokenFormLargestCellSide);
}

QMarginsF tokenMargins(const MapContent& content, double cell) {
    const Theme& theme = Theme::instance();
    const Around around(content);
    return {around.left, around.top(!around.turned(content, cell, true)), double(theme.px(tokenFormRightRoom)),
            double(theme.px(bottomRoom))};
}

const MapForm& MapForm::tokens() {
    static const TokenForm form;
    return form;
}

}  // namespace lab
