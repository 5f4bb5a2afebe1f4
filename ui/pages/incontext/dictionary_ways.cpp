#include "ui/pages/incontext/dictionary_ways.h"

#include <QPainter>

#include "ui/pages/incontext/dictionary_words.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int titleLine = 22, bodyHeight = 44, side = 8, waysCell = 10, modelBoxWidth = 70, waysRowGap = 4;
constexpr int textCells = 6, entryCells = 9;  // drawn for as many as there are

/// Cells of tokens in a row, and above them what they are. Where they end.
double paintCells(QPainter& painter, double x, double y, int count, bool filled, const QString& label) {
    const Theme& theme = Theme::instance();
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QPointF(x, y - theme.px(4)), label);
    for (int i = 0; i < count; ++i, x += theme.px(waysCell + 1))
        drawFrame(painter, QRectF(x, y, theme.px(waysCell), theme.px(waysCell + 2)), 0, theme.color(Role::controlBorder),
                  theme.color(filled ? Role::series5 : Role::screen));
    return x;
}

void paintArrow(QPainter& painter, const QPointF& from, const QPointF& to, Role role) {
    const double head = Theme::instance().px(4);
    const double way = to.x() > from.x() ? -head : head;
    painter.setPen(QPen(Theme::instance().color(role), Theme::instance().px(1)));
    painter.drawLine(from, to);
    painter.drawLine(to, to + QPointF(way, -head));
    painter.drawLine(to, to + QPointF(way, head));
}

}  // namespace

DictionaryWays::DictionaryWays(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("Ways to give a model a dictionary"));
}

void DictionaryWays::setPoints(std::vector<DictionaryPoint> points, int textTokens, int entryTokens) {
    m_points = std::move(points);
    m_textTokens = textTokens;
    m_entryTokens = entryTokens;
    QStringList all;
    for (const DictionaryPoint& point : m_points)
        all.push_back(tr("%1: %2; %3").arg(dictionaryName(point.kind), words(point), caption(point)));
    describePicture(this, tr("Ways to give a model a dictionary"), all.join(QStringLiteral(". ")));
    updateGeometry();
    update();
}

QSize DictionaryWays::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(340), static_cast<int>(m_points.size()) * theme.px(titleLine + bodyHeight + waysRowGap)};
}

QString DictionaryWays::words(const DictionaryPoint& point) const {
    switch (point.kind) {
        case DictionaryKind::none:
            return tr("every dictionary is new, so it can but guess");
        case DictionaryKind::context:
            return tr("%1 entries in front of every text").arg(grouped(point.entries));
        case DictionaryKind::attended:
            return tr("keys and values of %1 entries, which every block looks at").arg(grouped(point.entries));
        case DictionaryKind::standing:
            break;
    }
    return tr("%1 vectors, looked up by word, beside attention\u2019s output").arg(grouped(point.entries));
}

QString DictionaryWays::caption(const DictionaryPoint& point) const {
    const int beside = point.kind == DictionaryKind::attended ? point.entries * m_entryTokens : 0;
    return tr("%1 \u00D7 %2 pairs").arg(grouped(m_textTokens), grouped(m_textTokens + point.cost.tokens + beside));
}

void DictionaryWays::paintWay(QPainter& painter, const QRectF& room, const DictionaryPoint& point) const {
    const Theme& theme = Theme::instance();
    const double title = room.top() + theme.px(titleLine) / 2.0, y = room.top() + theme.px(titleLine + 18);
    double x = room.left() + theme.px(side);
    painter.setPen(seriesPen(dictionaryRole(point.kind), 2.2));
    painter.drawLine(QPointF(x, title), QPointF(x + theme.px(24), title));
    const QFont bold = theme.font(TextSize::text, true);
    const QString name = dictionaryName(point.kind);
    const double nameLeft = x + theme.px(32), nameWidth = textAdvance(bold, name);
    const QRectF line(nameLeft, room.top(), room.right() - nameLeft - theme.px(side), theme.px(titleLine));
    painter.setFont(bold);
    painter.setPen(theme.color(Role::text));
    drawElided(painter, line, Qt::AlignLeft, name);
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, line.adjusted(nameWidth + theme.px(8), 0, 0, 0), Qt::AlignLeft, words(point));
    if (specOf(point.kind).inFront)
        x = paintCells(painter, x, y, entryCells, true, tr("dictionary %1").arg(grouped(point.cost.tokens))) + theme.px(2);
    x = paintCells(painter, x, y, textCells, false, tr("text %1").arg(grouped(m_textTokens)));
    const double middle = y + theme.px(waysCell + 2) / 2.0;
    paintArrow(painter, {x + theme.px(4), middle}, {x + theme.px(24), middle}, Role::muted);
    const QRectF model(x + theme.px(28), middle - theme.px(10), theme.px(modelBoxWidth), theme.px(20));
    drawFrame(painter, model, theme.px(3), theme.color(Role::controlBorder), theme.color(Role::screen));
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::text));
    painter.drawText(model, Qt::AlignCenter, tr("model"));
    double end = model.right();
    if (specOf(point.kind).apart) {
        paintArrow(painter, {end + theme.px(24), middle}, {end + theme.px(4), middle}, dictionaryRole(point.kind));
        end = paintCells(painter, end + theme.px(28), y, entryCells, true, tr("%1, once").arg(kibibytes(point.cost.kept)));
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    drawElided(painter, QRectF(end + theme.px(8), middle - theme.px(10), room.right() - end - theme.px(8 + side), theme.px(20)),
               Qt::AlignLeft, caption(point));
}

void DictionaryWays::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Role::screen));
    if (m_points.empty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    const double height = static_cast<double>(this->height()) / static_cast<double>(m_points.size());
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const double top = static_cast<double>(i) * height;
        if (i > 0) drawHairline(painter, QPointF(0, top), QPointF(width(), top), theme.color(Role::hairline));
        paintWay(painter, QRectF(0, top, width(), height), m_points[i]);
    }
}

}  // namespace lab
