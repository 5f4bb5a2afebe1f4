#include "ui/pages/text/merge_strip.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <optional>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/position_slider.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int stripHeight = 42;
constexpr int stripMargin = 10;
constexpr int chipGap = 6;
constexpr int farStep = 10;

}  // namespace

/// "merge 37:  sa + id -> said  832 times", with chips for the pieces.
class MergeStrip::Equation : public QWidget {
public:
    explicit Equation(QWidget* parent) : QWidget(parent) {
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
        describePicture(this, MergeStrip::tr("The last merge"));
    }

    void set(int merges, const MergeSaid* said) {
        m_merges = merges;
        m_said = said ? std::optional(*said) : std::nullopt;
        describePicture(this, MergeStrip::tr("The last merge"),
                        said ? MergeStrip::tr("merge %1: %2 and %3 make %4, %5 times")
                                   .arg(QString::number(merges), chipSpoken(said->left), chipSpoken(said->right), chipSpoken(said->made),
                                        grouped(said->times))
                             : QString());
        update();
    }
    QSize minimumSizeHint() const override { return {Theme::instance().px(150), Theme::instance().px(26)}; }
    QSize sizeHint() const override { return {Theme::instance().px(400), Theme::instance().px(26)}; }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        double left = 0;
        const auto word = [&](const QString& text, Role role, bool bold) {
            painter.setFont(theme.font(TextSize::text, bold));
            painter.setPen(theme.color(role));
            const double width = textAdvance(painter.font(), text);
            drawElided(painter, QRectF(left, 0, std::min(width + 1, this->width() - left), height()), Qt::AlignLeft, text);
            left += width + theme.px(chipGap);
        };
        const auto chip = [&](const TextChip& of) {
            const int width = textChipWidth(of, ChipSize::page), height = textChipHeight(ChipSize::page);
            if (left + width <= this->width()) paintTextChip(painter, QRectF(left, (this->height() - height) / 2.0, width, height), of, {});
            left += width + theme.px(chipGap);
        };
        if (!m_said) return word(MergeStrip::tr("no merge yet: every token is a single byte or character"), Role::muted, false);
        word(MergeStrip::tr("merge %1:").arg(m_merges), Role::text, true);
        chip(m_said->left);
        word(QStringLiteral("+"), Role::muted, false);
        chip(m_said->right);
        word(QStringLiteral("→"), Role::muted, false);
        chip(m_said->made);
        word(counted(LAB_PLURAL("tokens", "%1 time(s)"), m_said->times, {grouped(m_said->times)}), Role::text, true);
    }

private:
    int m_merges = 0;
    std::optional<MergeSaid> m_said;
};

MergeStrip::MergeStrip(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    m_previous = named("text.tokens.merges.previous", new Button(Glyph::chevronLeft, tr("One merge less")));
    m_next = named("text.tokens.merges.next", new Button(Glyph::chevronRight, tr("One merge more")));
    m_slider = named("text.tokens.merges.slider", new PositionSlider(tr("merges"), Role::fill));
    m_slider->setToolTip(tr("How many merges are known: Left and Right by one, with Shift by ten, Home and End"));
    m_slider->installEventFilter(this);
    m_equation = new Equation(this);
    m_vocabulary = new ThemedLabel({}, TextSize::text);
    m_characters = new ThemedLabel({}, TextSize::text);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_slider, 2);
    row->addWidget(m_equation, 3);
    row->addWidget(m_vocabulary);
    row->addWidget(m_characters);
    connect(m_previous, &QPushButton::clicked, this, [this] { step(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] { step(1); });
    connect(m_slider, &PositionSlider::moved, this, &MergeStrip::moved);
    followTheme(this, &MergeStrip::applyMeasures);
}

void MergeStrip::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(stripHeight));
    layout()->setContentsMargins(theme.px(stripMargin), 0, theme.px(stripMargin), 0);
    layout()->setSpacing(theme.px(chipGap));
}

int MergeStrip::merges() const {
    return m_slider->value();
}

void MergeStrip::showMerge(int merges, int last, int vocabulary, double charactersPerToken, const MergeSaid* said) {
    m_slider->setPosition(merges, last, last);
    for (QWidget* part : {static_cast<QWidget*>(m_slider), static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_next)})
        part->setEnabled(last > 0);
    m_equation->set(merges, said);
    m_vocabulary->setText(vocabulary > 0 ? tr("vocabulary %1").arg(grouped(vocabulary)) : QString());
    m_characters->setText(vocabulary > 0 ? tr("characters per token %1").arg(fixed(charactersPerToken, 3)) : QString());
}

void MergeStrip::step(int by) {
    const int wanted = std::clamp(m_slider->value() + by, 0, m_slider->maximum());
    if (wanted != m_slider->value()) emit moved(wanted);
}

bool MergeStrip::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int by = key->key() == Qt::Key_Left ? -1 : key->key() == Qt::Key_Right ? 1 : 0;
        if (by != 0 && !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier))) {
            step(key->modifiers() & Qt::ShiftModifier ? by * farStep : by);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void MergeStrip::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawFrame(painter, rect(), theme.px(4), theme.color(Role::hairline), theme.color(Role::panel));
}

}  // namespace lab
