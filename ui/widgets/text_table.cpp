#include "ui/widgets/text_table.h"

#include <QPainter>
#include <algorithm>

#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headerHeight = 20;
constexpr int fullRow = 22;
constexpr int leastRow = 17;
constexpr int margin = 8;

}  // namespace

TextTable::TextTable(const QString& name, QWidget* parent) : QWidget(parent), m_name(name) {
    describePicture(this, name);
    connect(&Theme::instance(), &Theme::changed, this, [this] { updateGeometry(); });
}

void TextTable::setColumns(std::vector<QString> titles, std::vector<double> shares) {
    m_titles = std::move(titles);
    m_shares = std::move(shares);
    update();
}

void TextTable::setRows(std::vector<Row> rows) {
    m_rows = std::move(rows);
    QStringList spoken;
    for (std::size_t i = 0; i < std::min<std::size_t>(m_rows.size(), 6); ++i)
        spoken << QStringList(m_rows[i].cells.begin(), m_rows[i].cells.end()).join(QLatin1Char(' '));
    describePicture(this, m_name, spoken.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void TextTable::copy(const TextTable& other) {
    m_titles = other.m_titles;
    m_shares = other.m_shares;
    m_rows = other.m_rows;
}

int TextTable::rowHeight() const {
    const Theme& theme = Theme::instance();
    const int room = (height() - theme.px(headerHeight)) / static_cast<int>(std::max<std::size_t>(m_rows.size(), 1));
    return room >= theme.px(leastRow) ? std::min(room, theme.px(fullRow)) : theme.px(fullRow);
}

int TextTable::fullHeight() const {
    const Theme& theme = Theme::instance();
    return theme.px(headerHeight + 2) + theme.px(fullRow) * static_cast<int>(m_rows.size());
}

QSize TextTable::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(340), theme.px(headerHeight + 2) + theme.px(fullRow) * static_cast<int>(std::clamp<std::size_t>(m_rows.size(), 1, 8))};
}
QSize TextTable::minimumSizeHint() const {
    return {Theme::instance().px(200), Theme::instance().px(headerHeight + 3 * leastRow)};
}

void TextTable::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    Row header;
    header.cells = m_titles;
    double left = theme.px(margin);
    const double room = width() - 2 * theme.px(margin);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    for (std::size_t c = 0; c < m_titles.size(); ++c) {
        drawFormula(painter, QRectF(left, 0, room * m_shares[c], theme.px(headerHeight)), c == 0 ? Qt::AlignLeft : Qt::AlignRight,
                    m_titles[c]);
        left += room * m_shares[c];
    }
    drawHairline(painter, QPointF(0, theme.px(headerHeight) - 1), QPointF(width(), theme.px(headerHeight) - 1),
                 theme.color(Role::hairline));
    const std::size_t fit = static_cast<std::size_t>(std::max(0, (height() - theme.px(headerHeight)) / rowHeight()));
    const std::size_t shown = m_rows.size() <= fit ? m_rows.size() : std::max<std::size_t>(fit, 1) - 1;
    double top = theme.px(headerHeight);
    for (std::size_t i = 0; i < shown; ++i, top += rowHeight()) paintRow(painter, m_rows[i], top);
    if (shown == m_rows.size()) return;
    painter.setFont(theme.font(TextSize::axis));
    painter.setPen(theme.color(Role::muted));
    painter.drawText(QRectF(theme.px(margin), top, room, rowHeight()), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%1 more rows").arg(m_rows.size() - shown));
}

void TextTable::paintRow(QPainter& painter, const Row& row, double top) const {
    const Theme& theme = Theme::instance();
    if (row.chosen) painter.fillRect(QRectF(0, top, width(), rowHeight()), theme.color(Role::selection));
    double left = theme.px(margin);
    const double room = width() - 2 * theme.px(margin);
    for (std::size_t c = 0; c < row.cells.size() && c < m_shares.size(); ++c) {
        QRectF box(left, top, room * m_shares[c], rowHeight());
        left += room * m_shares[c];
        if (c == 0 && row.sample) {
            painter.setPen(seriesPen(*row.sample, 2.2));
            painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.left() + theme.px(22), box.center().y()));
            box.setLeft(box.left() + theme.px(28));
        }
        const QString& cell = row.cells[c];
        const bool right = cell.startsWith(QChar(0x2713)), wrong = cell.startsWith(QChar(0x00D7));
        painter.setFont(theme.font(TextSize::axis, row.bold || right || wrong));
        painter.setPen(theme.color(right ? Role::right : wrong ? Role::wrong : Role::text));
        drawFormula(painter, box, c == 0 ? Qt::AlignLeft : Qt::AlignRight, cell);
    }
}

}  // namespace lab
