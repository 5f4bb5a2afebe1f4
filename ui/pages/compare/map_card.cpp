#include "ui/pages/compare/map_card.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/scenes/overlay_picture.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/series_pen.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int mapCardTitleHeight = 22;
constexpr int mapCardCaptionHeight = 16;
constexpr int mapCardLineHeight = 19;
constexpr int mapCardPadding = 8;

}  // namespace

MapCard::MapCard(QWidget* parent)
    : QWidget(parent), m_map(named(".map", new Map(this))), m_picture(named(".picture", new OverlayPicture(this))) {
    m_picture->hide();
    whenThemed(this, &MapCard::arrange);
}

void MapCard::setPictured(bool pictured) {
    m_pictured = pictured;
    showOne();
}

void MapCard::showOne() {
    m_map->setVisible(m_problem.isEmpty() && !m_pictured);
    m_picture->setVisible(m_problem.isEmpty() && m_pictured);
    update();
}

void MapCard::setTitle(const QString& title, std::optional<Role> role) {
    m_title = title;
    m_role = role;
    update();
}

void MapCard::setValue(const QString& value) {
    if (value == m_value) return;
    m_value = value;
    update();
}

void MapCard::setCaption(const QString& caption) {
    if (caption == m_caption) return;
    m_caption = caption;
    setToolTip(m_title + QLatin1Char('\n') + caption);
    update();
}

void MapCard::setProblem(const QString& sentence) {
    m_problem = sentence;
    showOne();
}

int MapCard::wordsHeight() {
    return Theme::instance().px(mapCardTitleHeight + mapCardCaptionHeight);
}

void MapCard::resizeEvent(QResizeEvent*) {
    arrange();
}

void MapCard::arrange() {
    const Theme& theme = Theme::instance();
    for (QWidget* shown : {static_cast<QWidget*>(m_map), static_cast<QWidget*>(m_picture)})
        shown->setGeometry(0, theme.px(mapCardTitleHeight), width(), std::max(height() - wordsHeight(), 0));
}

void MapCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QRect title(0, 0, width(), theme.px(mapCardTitleHeight));
    int x = theme.px(4);
    if (m_role) {
        painter.setPen(seriesPen(*m_role, 2.2));
        painter.drawLine(QPointF(x, title.center().y() + 0.5), QPointF(x + theme.px(24), title.center().y() + 0.5));
        x += theme.px(30);
    }
    painter.setFont(theme.font(TextSize::text, true));
    painter.setPen(theme.color(Role::text));
    const int valueWidth = m_value.isEmpty() ? 0 : textWidth(painter.font(), m_value) + theme.px(8);
    drawElided(painter, QRect(x, 0, std::max(width() - x - valueWidth, 0), title.height()), Qt::AlignLeft, m_title);
    painter.drawText(title.adjusted(0, 0, -theme.px(6), 0), Qt::AlignRight | Qt::AlignVCenter, m_value);
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const int caption = theme.px(mapCardCaptionHeight);
    drawElided(painter, QRect(theme.px(4), height() - caption, width() - theme.px(8), caption), Qt::AlignLeft, m_caption);
    if (!m_problem.isEmpty()) paintEmpty(painter, rect().adjusted(0, title.height(), 0, -caption), m_problem, mapCardPadding);
}

CellTable::CellTable(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    describePicture(this, tr("The same cell in all runs"));
}

void CellTable::setLines(std::vector<Line> lines) {
    if (lines == m_lines) return;
    m_lines = std::move(lines);
    QStringList spoken;
    for (const Line& line : m_lines) spoken << line.text + QLatin1Char(' ') + line.value;
    describePicture(this, tr("The same cell in all runs"), spoken.join(QStringLiteral(", ")));
    update();
}

QSize CellTable::minimumSizeHint() const {
    return {Theme::instance().px(176), Theme::instance().px(100)};
}

bool CellTable::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int line = help->pos().y() / Theme::instance().px(mapCardLineHeight);
        const bool known = line >= 0 && line < static_cast<int>(m_lines.size());
        const QString text = known ? m_lines[static_cast<std::size_t>(line)].help : QString();
        QToolTip::showText(help->globalPos(), text.isEmpty() ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped()), this);
        return true;
    }
    return QWidget::event(event);
}

void CellTable::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawHairline(painter, QPointF(0, 0), QPointF(0, height()), theme.color(Role::hairline));
    const int row = theme.px(mapCardLineHeight), pad = theme.px(mapCardPadding);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const Line& line = m_lines[i];
        QRect rect(pad, static_cast<int>(i) * row, width() - 2 * pad, row);
        if (rect.bottom() > height()) return;
        painter.setFont(theme.font(TextSize::text, true));
        painter.setPen(theme.color(Role::text));
        const int taken = line.value.isEmpty() ? 0 : textWidth(painter.font(), line.value) + theme.px(6);
        painter.drawText(rect, Qt::AlignRight | Qt::AlignVCenter, line.value);
        if (line.role) {
            painter.setPen(seriesPen(*line.role, 2.2));
            painter.drawLine(QPointF(rect.left(), rect.center().y() + 0.5), QPointF(rect.left() + theme.px(22), rect.center().y() + 0.5));
            rect.setLeft(rect.left() + theme.px(28));
        }
        painter.setFont(theme.font(line.heading ? TextSize::caption : TextSize::text, line.heading && i == 0));
        painter.setPen(theme.color(line.heading && i > 0 ? Role::muted : Role::text));
        rect.setRight(rect.right() - taken);
        drawElided(painter, rect, Qt::AlignLeft, line.text);
    }
}

}  // namespace lab
