#include "ui/widgets/segmented.h"

#include <QPainter>
#include <algorithm>
#include <cassert>
#include <iterator>

#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

class Segment : public QRadioButton {
public:
    Segment(const QString& text, QWidget* parent) : QRadioButton(text, parent) { setAttribute(Qt::WA_Hover); }

    void setEnds(bool first, bool last) {
        m_first = first;
        m_last = last;
    }

    QSize sizeHint() const override {
        const Theme& theme = Theme::instance();
        // Bold whether on or off: nothing moves when the choice does.
        return {textWidth(theme.font(TextSize::text, true), text()) + 2 * theme.px(9), theme.px(24)};
    }

protected:
    bool hitButton(const QPoint& at) const override { return rect().contains(at); }

    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const bool hover = isEnabled() && underMouse();
        const Role fill = isChecked() ? Role::selection : isDown() ? Role::pressed : hover ? Role::hover : Role::control;
        QColor border = theme.color(isChecked() ? Role::accent : hover ? Role::text : Role::controlBorder);
        QColor ink = theme.color(Role::text);
        if (!isEnabled()) ink = faded(ink);

        // Inner edges are square: the frame of an end piece reaches past the widget on the inner side.
        const double radius = theme.px(4);
        const QRectF frame = QRectF(rect()).adjusted(m_first ? 0 : -radius, 0, m_last ? 0 : radius, 0);
        painter.save();
        painter.setClipRect(rect());
        drawFrame(painter, frame, m_first || m_last ? radius : 0, border, isEnabled() ? theme.color(fill) : theme.color(Role::panel));
        if (!m_first) drawHairline(painter, QPointF(0, 0), QPointF(0, height()), border);
        if (!m_last)
            drawHairline(painter, QPointF(width() - devicePixel(painter), 0), QPointF(width() - devicePixel(painter), height()), border);
        if (isChecked())
            painter.fillRect(QRectF(m_first ? 1 : 0, height() - theme.px(2) - 1, width() - (m_first || m_last ? 1 : 0), theme.px(2)),
                             border);
        painter.restore();

        painter.setFont(theme.font(TextSize::text, isChecked()));
        painter.setPen(ink);
        painter.drawText(rect(), Qt::AlignCenter, text());
    }

private:
    bool m_first = false;
    bool m_last = false;
};

}  // namespace

SegmentedControl::SegmentedControl(const QStringList& choices, const QString& accessibleName, QWidget* parent) : QWidget(parent) {
    assert(choices.size() >= 2 && choices.size() <= 6);
    setAccessibleName(accessibleName);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    for (int i = 0; i < choices.size(); ++i) {
        auto* segment = named(QStringLiteral(".%1").arg(i + 1), new Segment(choices[i], this));
        segment->setAccessibleName(accessibleName + QStringLiteral(": ") + choices[i]);
        connect(segment, &QRadioButton::toggled, this, [this, segment, i](bool on) {
            if (!on) return;
            segment->raise();
            keepOneStop();
            emit chosen(i);
        });
        m_segments.push_back(segment);
    }
    m_segments.front()->setChecked(true);
    followTheme(this, &SegmentedControl::applyMeasures);
}

/// Tab comes to the choice that is on; Qt would find that out only after it has been to the first.
void SegmentedControl::keepOneStop() {
    for (QRadioButton* segment : m_segments) segment->setFocusPolicy(segment->isChecked() ? Qt::StrongFocus : Qt::ClickFocus);
}

int SegmentedControl::current() const {
    for (std::size_t i = 0; i < m_segments.size(); ++i)
        if (m_segments[i]->isChecked()) return static_cast<int>(i);
    return 0;
}

void SegmentedControl::setCurrent(int index) {
    assert(index >= 0 && index < static_cast<int>(m_segments.size()));
    const QSignalBlocker quiet(this);
    m_segments[static_cast<std::size_t>(index)]->setChecked(true);
}

void SegmentedControl::setChoiceEnabled(int index, bool enabled, const QString& why) {
    QRadioButton* segment = m_segments.at(static_cast<std::size_t>(index));
    segment->setEnabled(enabled);
    segment->setToolTip(enabled ? QString() : why);
}

void SegmentedControl::setChoiceShown(int index, bool shown) {
    QRadioButton* segment = m_segments.at(static_cast<std::size_t>(index));
    if (segment->isHidden() != shown) return;
    segment->setVisible(shown);
    updateGeometry();
    arrange();
    update();
}

void SegmentedControl::setChoiceToolTip(int index, const QString& text) {
    m_segments.at(static_cast<std::size_t>(index))->setToolTip(text);
}

void SegmentedControl::setChoiceText(int index, const QString& text) {
    QRadioButton* segment = m_segments.at(static_cast<std::size_t>(index));
    if (segment->text() == text) return;
    segment->setText(text);
    segment->setAccessibleName(accessibleName() + QStringLiteral(": ") + text);
    applyMeasures();
}

void SegmentedControl::setHeight(int at100) {
    m_height = at100;
    applyMeasures();
}

QSize SegmentedControl::sizeHint() const {
    int width = 1;
    for (const QRadioButton* segment : m_segments)
        if (!segment->isHidden()) width += segment->sizeHint().width() - 1;
    return {width, Theme::instance().px(m_height)};
}

void SegmentedControl::applyMeasures() {
    setFixedHeight(Theme::instance().px(m_height));
    updateGeometry();
    arrange();
    update();
}

void SegmentedControl::arrange() {
    std::vector<QRadioButton*> there;
    std::ranges::copy_if(m_segments, std::back_inserter(there), [](const QRadioButton* segment) { return !segment->isHidden(); });
    int left = 0;
    for (QRadioButton* segment : there) {
        static_cast<Segment*>(segment)->setEnds(segment == there.front(), segment == there.back());
        segment->setGeometry(left, 0, segment->sizeHint().width(), height());
        left += segment->width() - 1;  // neighbours share a border
    }
}

void SegmentedControl::resizeEvent(QResizeEvent*) {
    arrange();
}

}  // namespace lab
