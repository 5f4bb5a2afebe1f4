#include "ui/pages/memory/query_row.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPainter>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/memory/noise_slider.h"
#include "ui/pages/memory/pattern_edits.h"
#include "ui/pages/memory/pattern_pad.h"
#include "ui/pages/memory/query_dialog.h"
#include "ui/text/message_text.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int barHeight = 64, picturePixel = 3, storyWidth = 110;

}  // namespace

QueryRow::QueryRow(MemoryState& state, QWidget* parent) : QWidget(parent), m_state(state) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    makeButtons();
    m_picture = named("memory.query.picture", new PatternPad(tr("Query"), picturePixel));
    m_picture->setDrawable(false);
    m_picture->setFocusPolicy(Qt::NoFocus);
    m_what = new ElidedLabel({}, TextSize::text, Role::text, true);
    m_overlap = new ElidedLabel({}, TextSize::axis, Role::muted);
    m_overlap->setToolTip(
        tr("Overlap m = (1/N) \u03A3 x\u1D62 s\u1D62: 1 where all pixels agree, 0 by chance, \u2212"
           "1 for the inverse"));
    m_problem = new ProblemLabel(TextSize::caption);
    m_slider = named("memory.query.noise", new NoiseSlider);
    m_slider->setToolTip(
        tr("How many of the pattern\u2019s pixels are flipped in the query; more noise flips further pixels, and those flipped before "
           "stay flipped"));
    m_number = named("memory.query.percent", new QSpinBox);
    m_number->setRange(0, 100);
    setAround(*m_number, tr("%1 %"));
    m_number->setAccessibleName(tr("Noise"));
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(new BarLabel({tr("Query")}));
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addWidget(m_picture);
    auto* story = new QVBoxLayout;
    story->setSpacing(0);
    story->addStretch();
    for (QWidget* each : std::initializer_list<QWidget*>{m_what, m_overlap, m_problem}) story->addWidget(each);
    story->addStretch();
    layout->addLayout(story, 1);
    layout->addWidget(new Caption(tr("noise"), m_number));
    layout->addWidget(m_slider);
    layout->addWidget(m_number);
    for (Button* button : {m_newNoise, m_erase, m_draw, m_open}) layout->addWidget(button);
    connect(m_slider, &NoiseSlider::moved, this, &QueryRow::setNoise);
    connect(m_number, &QSpinBox::valueChanged, this, &QueryRow::setNoise);
    connect(&m_state, &MemoryState::changed, this, &QueryRow::showValue);
    followTheme(this, &QueryRow::applyMeasures);
    showValue();
}

void QueryRow::makeButtons() {
    m_previous = named("memory.query.previous", new Button(Glyph::chevronLeft, tr("Ask for the pattern before (Ctrl+Left)")));
    m_next = named("memory.query.next", new Button(Glyph::chevronRight, tr("Ask for the next pattern (Ctrl+Right)")));
    m_newNoise = named("memory.query.new_noise", new Button(tr("New noise")));
    m_newNoise->setToolTip(tr("Other pixels are flipped, and the net visits its pixels in another order"));
    m_erase = named("memory.query.erase", new Button(tr("Erase lower half")));
    m_erase->setToolTip(tr("Switches the lower half of the query off: can the rest call it back?"));
    m_draw = named("memory.query.draw", new Button(tr("Draw\u2026")));
    m_draw->setToolTip(tr("A query by hand"));
    m_open = named("memory.query.open", new Button(tr("Open image\u2026")));
    m_open->setToolTip(tr("A picture as the query: PBM or text of 0 and 1 as it is, PNG and others made black and white"));
    connect(m_previous, &Button::clicked, this, [this] { turn(-1); });
    connect(m_next, &Button::clicked, this, [this] { turn(1); });
    connect(m_newNoise, &Button::clicked, this, &QueryRow::newNoise);
    connect(m_erase, &Button::clicked, this, &QueryRow::eraseLowerHalf);
    connect(m_draw, &Button::clicked, this, &QueryRow::draw);
    connect(m_open, &Button::clicked, this, &QueryRow::chooseFile);
    for (Button* button : {m_previous, m_next, m_newNoise, m_erase, m_draw, m_open}) button->setFocusPolicy(Qt::TabFocus);
}

void QueryRow::applyMeasures() {
    const Theme& theme = Theme::instance();
    setFixedHeight(theme.px(barHeight));
    layout()->setContentsMargins(0, 1, theme.px(panelGap), 0);
    layout()->setSpacing(theme.px(panelGap));
    m_picture->setFixedSize(m_picture->sizeHint());
    for (QLabel* label : std::initializer_list<QLabel*>{m_what, m_overlap}) label->setMinimumWidth(theme.px(storyWidth));
    update();
}

QSize QueryRow::minimumSizeHint() const {
    return {layout()->minimumSize().width(), height()};
}

void QueryRow::showValue() {
    const MemoryValue& value = m_state.value();
    const Pattern* chosen = value.chosenPattern();
    m_picture->setPattern(&value.query);
    m_picture->setFixedSize(m_picture->sizeHint());
    const QString name = chosen ? QString::fromStdString(chosen->name) : QString();
    const int wrong = chosen ? differing(chosen->states, value.query.states) : 0;
    m_what->setText(!chosen ? tr("Nothing is stored")
                    : value.asksByNoise()
                        ? tr("%1, %2 of %3 pixels flipped").arg(name).arg(wrong).arg(value.query.pixels())
                        : tr("by hand: %1 of %2 pixels are not those of %3").arg(wrong).arg(value.query.pixels()).arg(name));
    m_overlap->setText(chosen ? tr("overlap with %1: %2").arg(name, fixed(overlap(chosen->states, value.query.states), 2))
                              : tr("Add a pattern on the left"));
    m_slider->setPercent(value.noise);
    const QSignalBlocker still(m_number);
    m_number->setValue(value.noise);
    for (QWidget* each : std::initializer_list<QWidget*>{m_previous, m_next}) each->setEnabled(value.patterns.size() > 1);
    for (QWidget* each : std::initializer_list<QWidget*>{m_slider, m_number, m_newNoise}) each->setEnabled(chosen);
}

void QueryRow::turn(int by) {
    const MemoryValue& value = m_state.value();
    const int count = static_cast<int>(value.patterns.size());
    if (count > 1) m_state.ask(withAsked(value, (value.chosen + by + count) % count), tr("Another pattern"));
}

void QueryRow::setNoise(int percent) {
    MemoryValue value = m_state.value();
    if (value.noise == percent) return;
    value.noise = percent;
    value.askAgain();
    m_state.ask(std::move(value), tr("Noise"));
}

void QueryRow::newNoise() {
    MemoryValue value = m_state.value();
    ++value.seed;
    value.askAgain();
    m_state.ask(std::move(value), tr("New noise"));
}

void QueryRow::eraseLowerHalf() {
    MemoryValue value = m_state.value();
    value.query = lowerHalfErased(value.query);
    m_state.edit(std::move(value), tr("Erase the lower half"));
}

void QueryRow::draw() {
    if (!m_dialog) m_dialog = named("memory.draw", new QueryDialog(m_state, window()));
    m_dialog->show();
    m_dialog->raise();
    m_dialog->activateWindow();
}

QueryDialog* QueryRow::dialog() const {
    return m_dialog;
}

void QueryRow::chooseFile() {
    const QString path = QFileDialog::getOpenFileName(window(), tr("Open a picture"), QString(), patternFilters());
    if (!path.isEmpty()) open(path);
}

void QueryRow::open(const QString& path) {
    try {
        MemoryValue value = m_state.value();
        value.query = openedPatterns(path, value.query, value.patterns.empty()).front();
        m_problem->say({});
        m_state.edit(std::move(value), tr("Open a query"));
    } catch (const InputError& error) {
        m_problem->say(shown(error));
    }
}

QString QueryRow::problem() const {
    return m_problem->sentence();
}

void QueryRow::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
