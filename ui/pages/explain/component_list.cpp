#include "ui/pages/explain/component_list.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

using explain::Component;

// Logical px at 100 %.
constexpr int componentListGroupHeight = 26;
constexpr int componentListRowHeight = 44;
constexpr int componentListMargin = 12;
constexpr int discSize = 8;
constexpr int componentListNameAt = 30;
constexpr double formulaAt = 0.30;  ///< of the width
constexpr double settingAt = 0.80;

}  // namespace

ComponentList::ComponentList(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    followTheme(this, [this] { updateGeometry(); });
    describe();
}

void ComponentList::setComponents(std::vector<Component> components) {
    m_components = std::move(components);
    m_chosen = std::clamp(m_chosen, 0, std::max(0, static_cast<int>(m_components.size()) - 1));
    updateGeometry();
    describe();
    update();
}

bool ComponentList::beginsGroup(int row) const {
    return row == 0 || at(row).group != at(row - 1).group;
}

QRect ComponentList::rowRect(int row) const {
    const Theme& theme = Theme::instance();
    int y = 0;
    for (int r = 0; r <= row; ++r) {
        if (beginsGroup(r)) y += theme.px(componentListGroupHeight);
        if (r < row) y += theme.px(componentListRowHeight);
    }
    return {0, y, width(), theme.px(componentListRowHeight)};
}

QRect ComponentList::settingRect(int row) const {
    const QRect whole = rowRect(row);
    const int left = static_cast<int>(whole.width() * settingAt);
    return at(row).key.empty() ? QRect() : QRect(left, whole.top(), whole.width() - left, whole.height() / 2);
}

QSize ComponentList::sizeHint() const {
    const int last = static_cast<int>(m_components.size()) - 1;
    return {Theme::instance().px(640), last < 0 ? 0 : rowRect(last).bottom() + Theme::instance().px(componentListMargin)};
}

QSize ComponentList::minimumSizeHint() const {
    return sizeHint();
}

QString ComponentList::settingText(int row) const {
    const Component& c = at(row);
    if (c.key.empty()) return tr("in every model");
    const QString key = qt(c.key).section(QLatin1Char('.'), 1);
    return c.choice.empty() ? key : key + QStringLiteral(" = ") + qt(c.choice);
}

void ComponentList::describe() {
    QString value;
    if (m_chosen < static_cast<int>(m_components.size())) {
        const Component& c = at(m_chosen);
        const QString is = c.used ? tr("this model has it") : tr("this model does not have it");
        value = plainFormula(QStringList({shown(c.name), is, shown(c.sentence), qt(c.formula), qt(c.source), settingText(m_chosen)})
                                 .join(QStringLiteral("; ")));
    }
    describePicture(this, tr("Components"), value);
}

void ComponentList::paintEvent(QPaintEvent* event) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::screen));
    for (int row = 0; row < static_cast<int>(m_components.size()); ++row) {
        const QRect place = rowRect(row);
        if (beginsGroup(row)) {
            const QRect title(0, place.top() - theme.px(componentListGroupHeight), width(), theme.px(componentListGroupHeight));
            painter.fillRect(title, theme.color(Role::panel));
            painter.setFont(theme.font(TextSize::text, true));
            painter.setPen(theme.color(Role::text));
            drawElided(painter, title.adjusted(theme.px(componentListMargin), 0, 0, 0), Qt::AlignLeft, shown(at(row).group));
        }
        if (place.intersects(event->rect())) paintRow(painter, row);
    }
}

void ComponentList::paintRow(QPainter& painter, int row) const {
    const Theme& theme = Theme::instance();
    const Component& c = at(row);
    const QRect place = rowRect(row);
    if (row == m_chosen) painter.fillRect(place, theme.color(Role::selection));
    if (!beginsGroup(row)) drawHairline(painter, place.topLeft(), place.topRight(), theme.color(Role::grid));
    painter.setRenderHint(QPainter::Antialiasing);
    const double disc = theme.px(discSize), line = place.height() / 2.0, above = place.top() + theme.px(2),
                 below = place.top() + line - theme.px(2);
    const QRectF mark(theme.px(componentListMargin), above + (line - disc) / 2.0, disc, disc);
    drawFrame(painter, mark, disc / 2.0, theme.color(c.used ? Role::accent : Role::controlBorder),
              c.used ? theme.color(Role::accent) : QColor(Qt::transparent));
    const double left = theme.px(componentListNameAt), formula = width() * formulaAt, setting = width() * settingAt, gap = theme.px(10);
    painter.setFont(theme.font(TextSize::text, c.used));
    painter.setPen(theme.color(Role::text));
    drawElided(painter, QRectF(left, above, formula - left - gap, line), Qt::AlignLeft, shown(c.name));
    painter.setFont(theme.font(TextSize::text));
    drawElidedFormula(painter, QRectF(formula, above, setting - formula - gap, line), Qt::AlignLeft, qt(c.formula));
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    QString about = shown(c.sentence);
    if (!c.source.empty()) about += QStringLiteral("  \u00B7  ") + qt(c.source);
    drawElidedFormula(painter, QRectF(left, below, width() - left - gap, line), Qt::AlignLeft, about);
    painter.setPen(theme.color(c.key.empty() ? Role::muted : Role::accent));
    drawElided(painter, QRectF(setting, above, width() - setting - gap, line), Qt::AlignRight, settingText(row));
    if (row == m_chosen && hasFocus()) drawFocusRing(painter, QRectF(place).adjusted(3, 3, -3, -3), theme.px(3));
}

int ComponentList::rowAt(const QPointF& point) const {
    for (int row = 0; row < static_cast<int>(m_components.size()); ++row)
        if (rowRect(row).contains(point.toPoint())) return row;
    return -1;
}

bool ComponentList::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int row = rowAt(help->pos());
    if (row < 0) return QWidget::event(event);
    const Component& c = at(row);
    QToolTip::showText(help->globalPos(),
                       QStringLiteral("<p><b>%1</b><br>%2<br>%3<br>%4</p>")
                           .arg(shown(c.name).toHtmlEscaped(), formulaHtml(font(), qt(c.formula)), formulaHtml(font(), shown(c.sentence)),
                                qt(c.source).toHtmlEscaped()),
                       this);
    return true;
}

void ComponentList::choose(int row) {
    if (row < 0 || row >= static_cast<int>(m_components.size())) return;
    m_chosen = row;
    describe();
    update();
    emit moved(rowRect(row));
}

void ComponentList::mousePressEvent(QMouseEvent* event) {
    const int row = event->button() == Qt::LeftButton ? rowAt(event->position()) : -1;
    if (row < 0) return;
    choose(row);
    if (settingRect(row).contains(event->position().toPoint()))
        emit settingWanted(qt(at(row).key));
    else
        emit opened(row);
}

void ComponentList::keyPressEvent(QKeyEvent* event) {
    if (m_components.empty()) return event->ignore();
    switch (event->key()) {
        case Qt::Key_Up:
            return choose(m_chosen - 1);
        case Qt::Key_Down:
            return choose(m_chosen + 1);
        case Qt::Key_Home:
            return choose(0);
        case Qt::Key_End:
            return choose(static_cast<int>(m_components.size()) - 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (event->modifiers() & Qt::ShiftModifier && !at(m_chosen).key.empty())
                emit settingWanted(qt(at(m_chosen).key));
            else
                emit opened(m_chosen);
            return;
        default:
            return event->ignore();
    }
}

}  // namespace lab
