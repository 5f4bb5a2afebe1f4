#include "ui/pages/stream/circuit_view.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/pages/stream/stream_figures.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"

namespace lab {

CircuitView::CircuitView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    describePicture(this, circuitTitle());
}

void CircuitView::setScene(const CircuitScene& scene) {
    m_scene = scene;
    QStringList words;
    for (auto line = m_scene.lines.rbegin(); line != m_scene.lines.rend(); ++line)
        words << tr("%1 reads %2 through %3: %4")
                     .arg(m_scene.second[static_cast<std::size_t>(line->second)].name,
                          m_scene.first[static_cast<std::size_t>(line->first)].name, endLetter(line->end), fixed(line->value, 2));
    if (words.isEmpty()) words << m_scene.foot;
    describePicture(this, circuitTitle(), words.join(QStringLiteral(", ")));
    update();
}

QSize CircuitView::sizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(470), theme.px(320)};
}

QSize CircuitView::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {theme.px(260), theme.px(190)};
}

void CircuitView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_scene.first.empty() || m_scene.second.empty()) return;
    m_scene.paint(painter, rect());
}

void CircuitView::choose(bool upper, int head) {
    const auto count = static_cast<int>((upper ? m_scene.second : m_scene.first).size());
    if (head < 0 || head >= count) return;
    m_upper = upper;
    if (upper)
        emit secondChosen(head);
    else
        emit firstChosen(head);
}

void CircuitView::mousePressEvent(QMouseEvent* event) {
    const CircuitScene::Hit hit = m_scene.at(event->position(), rect());
    if (event->button() != Qt::LeftButton || hit.isNone()) return;
    if (hit.first && hit.second) return emit lineChosen(*hit.first, *hit.second, hit.end);
    choose(hit.second.has_value(), hit.second ? *hit.second : *hit.first);
}

void CircuitView::keyPressEvent(QKeyEvent* event) {
    const int head = m_upper ? m_scene.chosenSecond : m_scene.chosenFirst;
    const auto line = [this](PathEnd end) { emit lineChosen(m_scene.chosenFirst, m_scene.chosenSecond, end); };
    switch (event->key()) {
        case Qt::Key_Left:
            return choose(m_upper, head - 1);
        case Qt::Key_Right:
            return choose(m_upper, head + 1);
        case Qt::Key_Up:
            m_upper = true;
            return;
        case Qt::Key_Down:
            m_upper = false;
            return;
        case Qt::Key_Q:
            return line(PathEnd::query);
        case Qt::Key_K:
            return line(PathEnd::key);
        case Qt::Key_V:
            return line(PathEnd::value);
        default:
            QWidget::keyPressEvent(event);
    }
}

QString CircuitView::tip(const CircuitScene::Hit& hit) const {
    if (hit.isNone()) return {};
    if (!hit.first || !hit.second) {
        const CircuitScene::Head& head =
            hit.second ? m_scene.second[static_cast<std::size_t>(*hit.second)] : m_scene.first[static_cast<std::size_t>(*hit.first)];
        return head.badge.help.isEmpty() ? head.name : tr("%1: %2").arg(head.name, head.badge.help);
    }
    const auto line = std::ranges::find_if(m_scene.lines, [&](const CircuitScene::Line& each) {
        return each.first == *hit.first && each.second == *hit.second && each.end == hit.end;
    });
    return tr("%1 reads %2 through %3: %4")
        .arg(m_scene.second[static_cast<std::size_t>(*hit.second)].name, m_scene.first[static_cast<std::size_t>(*hit.first)].name,
             endLetter(hit.end), fixed(line->value, 3));
}

bool CircuitView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = tip(m_scene.at(help->pos(), rect()));
    QToolTip::showText(help->globalPos(), text.isEmpty() ? toolTip() : text, this);
    return true;
}

}  // namespace lab
