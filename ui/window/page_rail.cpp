#include "ui/window/page_rail.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/icon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int railWidth = 72;
constexpr int topMargin = 8;
constexpr int itemHeight = 56, leastItemHeight = 36;
constexpr int leastLabelledHeight = 40;  ///< lower ones have the icon alone
constexpr int iconSide = 20;
constexpr int labelLine = 14;
constexpr int iconGap = 3;
constexpr int edge = 3;

}  // namespace

class RailButton : public QAbstractButton {
    Q_DECLARE_TR_FUNCTIONS(lab::RailButton)

public:
    RailButton(const QString& title, const QString& iconName, const QString& key, QWidget* parent)
        : QAbstractButton(parent), m_iconName(iconName) {
        setText(title);
        setCheckable(true);
        setAutoExclusive(true);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
        setAttribute(Qt::WA_Hover);
        setToolTip(tr("%1 (key %2)").arg(title, key));
        setAccessibleName(title);
    }

    QSize sizeHint() const override {
        const Theme& theme = Theme::instance();
        return {theme.px(railWidth) - 1, theme.px(itemHeight)};
    }
    QSize minimumSizeHint() const override { return {sizeHint().width(), Theme::instance().px(leastItemHeight)}; }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        if (isChecked() || underMouse()) painter.fillRect(rect(), theme.color(isChecked() ? Role::selection : Role::hover));
        if (isChecked()) painter.fillRect(QRect(0, 0, theme.px(edge), height()), theme.color(Role::accent));
        const QColor ink = theme.color(isChecked() || underMouse() ? Role::text : Role::muted);
        const bool labelled = height() >= theme.px(leastLabelledHeight);
        const int content = theme.px(labelled ? iconSide + iconGap + labelLine : iconSide);
        const int top = (height() - content) / 2;
        paintIcon(painter, QRectF((width() - theme.px(iconSide)) / 2.0, top, theme.px(iconSide), theme.px(iconSide)), m_iconName, ink);
        if (!labelled) return;
        QFont font = theme.font(TextSize::axis, isChecked());
        if (textWidth(font, text()) > width() - theme.px(2 * edge)) font = theme.font(TextSize::caption, isChecked());
        painter.setFont(font);
        painter.setPen(ink);
        const QRect label(0, top + theme.px(iconSide + iconGap), width(), theme.px(labelLine));
        drawElided(painter, label, Qt::AlignHCenter, text());
    }

private:
    QString m_iconName;
};

PageRail::PageRail(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_layout->setSpacing(0);
    m_layout->addStretch();
    setAccessibleName(tr("Pages"));
    followTheme(this, &PageRail::applyMeasures);
}

void PageRail::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedWidth(theme.px(railWidth));
    m_layout->setContentsMargins(0, theme.px(topMargin), 1, 0);
    for (RailButton* button : m_buttons) button->setMaximumHeight(theme.px(itemHeight));
    update();
}

QWidget* PageRail::addPage(const QString& title, const QString& iconName, const QString& key) {
    auto* button = named(QStringLiteral("window.rail.") + iconName, new RailButton(title, iconName, key, this));
    const int index = static_cast<int>(m_buttons.size());
    m_buttons.push_back(button);
    m_layout->insertWidget(index, button);
    connect(button, &QAbstractButton::clicked, this, [this, index] { emit chosen(index); });
    applyMeasures();
    return button;
}

void PageRail::setCurrent(int index) {
    m_current = index;
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        RailButton* button = m_buttons[i];
        const bool shown = static_cast<int>(i) == index;
        button->setAutoExclusive(false);  // there may be none
        button->setChecked(shown);
        button->setAutoExclusive(true);
        // Tab comes to the page that is shown; Qt would find that out only after it has been to the first.
        button->setFocusPolicy(shown || (index < 0 && i == 0) ? Qt::TabFocus : Qt::NoFocus);
    }
}

bool PageRail::offers(int index) const {
    return index >= 0 && index < static_cast<int>(m_buttons.size()) && !isTaken(*m_buttons[static_cast<std::size_t>(index)]);
}

int PageRail::offered(int index) const {
    if (offers(index)) return index;
    const auto first = std::ranges::find_if(m_buttons, [](const RailButton* button) { return !isTaken(*button); });
    return first == m_buttons.end() ? index : static_cast<int>(first - m_buttons.begin());
}

void PageRail::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(width() - 1, 0), QPointF(width() - 1, height()), theme.color(Role::hairline));
}

}  // namespace lab
