#include "ui/widgets/panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>
#include <cmath>

#include "ui/widgets/formula_text.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {

PanelFrame::PanelFrame(const QString& title, QWidget* parent) : QWidget(parent), m_title(title) {
    m_layout = new QVBoxLayout(this);
    m_layout->setSpacing(1);
    auto* bar = new QWidget(this);
    auto* barLayout = new QHBoxLayout(bar);
    barLayout->setContentsMargins(0, 0, 0, 0);
    barLayout->addStretch();
    m_controls = new QWidget(bar);
    m_controls->installEventFilter(this);
    m_titleLayout = new QHBoxLayout(m_controls);
    m_titleLayout->setContentsMargins(0, 0, 0, 0);
    barLayout->addWidget(m_controls, 0, Qt::AlignVCenter);
    m_layout->addWidget(bar);
    followTheme(this, &PanelFrame::applyMeasures);
    describe();
}

/// The texts beside the controls end where these begin.
bool PanelFrame::eventFilter(QObject* object, QEvent* event) {
    if (object == m_controls && (event->type() == QEvent::Resize || event->type() == QEvent::Move)) update(0, 0, width(), titleHeight());
    return QWidget::eventFilter(object, event);
}

void PanelFrame::setTitle(const QString& title) {
    if (title == m_title) return;
    m_title = title;
    describe();
}

void PanelFrame::setShortTitle(const QString& title) {
    if (title == m_shortTitle) return;
    m_shortTitle = title;
    update(0, 0, width(), titleHeight());
}

void PanelFrame::setSubtitle(const QString& subtitle) {
    if (subtitle == m_subtitle) return;
    m_subtitle = subtitle;
    describe();
}

void PanelFrame::setNote(const QString& note) {
    if (note == m_note) return;
    m_note = note;
    describe();
}

void PanelFrame::describe() {
    setAccessibleName(plainFormula(m_title));
    setAccessibleDescription(QStringList{plainFormula(m_subtitle), m_note}.join(QLatin1Char(' ')).trimmed());
    update(0, 0, width(), titleHeight());
}

void PanelFrame::setDense(bool dense) {
    m_dense = dense;
    applyMeasures();
}

void PanelFrame::setTinted(bool tinted) {
    m_tinted = tinted;
    update();
}

void PanelFrame::setOnScreen(bool onScreen) {
    m_onScreen = onScreen;
    applyMeasures();
}

void PanelFrame::addControl(QWidget* control) {
    m_titleLayout->addWidget(control);
}

void PanelFrame::setContent(QWidget* content) {
    if (m_content) {
        m_layout->removeWidget(m_content);
        delete m_content;
    }
    m_content = content;
    m_content->setAutoFillBackground(true);  // so that no picture that changes in it repaints the frame and the page behind
    m_layout->addWidget(content, 1);
    applyMeasures();
}

int PanelFrame::titleHeight() const {
    return Theme::instance().px(m_dense ? 24 : 28);
}

void PanelFrame::applyMeasures() {
    const Theme& theme = Theme::instance();
    QWidget* bar = m_layout->itemAt(0)->widget();
    bar->setFixedHeight(titleHeight() - 1);
    bar->layout()->setContentsMargins(theme.px(8), 0, theme.px(4), 0);
    m_titleLayout->setSpacing(theme.px(8));
    m_layout->setContentsMargins(1, 1, 1, theme.px(3));  // the content's ground is a rectangle: it ends above the round corners
    if (m_content) {
        QPalette palette = m_content->palette();
        palette.setColor(m_content->backgroundRole(), ground());
        m_content->setPalette(palette);
    }
    update();
}

QColor PanelFrame::ground() const {
    return Theme::instance().color(m_onScreen ? Role::screen : Role::panel);
}

void PanelFrame::paintEvent(QPaintEvent* event) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const double radius = theme.px(4);
    const QRectF whole = rect();
    const QRect bar(0, 0, width(), titleHeight());
    QPainterPath inside;
    inside.addRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.fillPath(inside, ground());
    painter.save();
    painter.setClipRect(bar);
    painter.fillPath(inside, theme.color(m_tinted ? Role::selection : Role::panel));
    painter.restore();
    drawHairline(painter, QPointF(0, bar.height()), QPointF(whole.width(), bar.height()), theme.color(Role::hairline));
    drawFrame(painter, whole, radius, theme.color(Role::hairline));
    if (event->rect().intersects(bar)) paintTitle(painter);
}

/// Title, short title, subtitle and note where the controls leave room.
void PanelFrame::paintTitle(QPainter& painter) const {
    const Theme& theme = Theme::instance();
    const QWidget* bar = m_layout->itemAt(0)->widget();
    const int controlsLeft = m_titleLayout->isEmpty() ? width() - theme.px(8) : bar->x() + m_controls->x() - theme.px(8);
    QRect room(theme.px(8) + 1, 0, controlsLeft - theme.px(8) - 1, titleHeight());
    const auto put = [&](const QString& text, TextSize size, bool bold, Role role, bool right) {
        const QFont font = theme.font(size, bold);
        painter.setFont(font);
        painter.setPen(theme.color(role));
        drawElidedFormula(painter, room, right ? Qt::AlignRight : Qt::AlignLeft, text);
        const int used = std::min(static_cast<int>(std::ceil(formulaWidth(font, text))), qMax(room.width(), 0)) + theme.px(8);
        if (right)
            room.setRight(room.right() - used);
        else
            room.setLeft(room.left() + used);
    };
    const double beside = m_subtitle.isEmpty() ? 0.0 : formulaWidth(theme.font(TextSize::text), m_subtitle) + theme.px(8);
    const bool fits = m_shortTitle.isEmpty() || formulaWidth(theme.font(TextSize::text, true), m_title) + beside <= room.width();
    put(fits ? m_title : m_shortTitle, TextSize::text, true, Role::text, false);
    if (!m_note.isEmpty()) put(m_note, TextSize::caption, false, Role::muted, true);
    if (!m_subtitle.isEmpty()) put(m_subtitle, TextSize::text, false, Role::muted, false);
}

}  // namespace lab
