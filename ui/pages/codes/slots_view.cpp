#include "ui/pages/codes/slots_view.h"

#include <QComboBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/format.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr const char* slotWeights = "bottleneck.attention.weights";  // [heads, slots, tokens]

/// One head's map; shares the trace's numbers.
MapData slotMap(const std::shared_ptr<const Trace>& trace, int head) {
    const Tensor* weights = trace ? trace->find(slotWeights) : nullptr;
    if (!weights || head < 0 || head >= weights->extent(0)) return {};
    const auto rows = static_cast<int>(weights->extent(1)), columns = static_cast<int>(weights->extent(2));
    const float* first = weights->values.data() + std::ptrdiff_t{head} * rows * columns;
    return {rows, columns, std::shared_ptr<const float>(trace, first), nullptr};
}

std::vector<QString> slotTokenNames(const QStringList& texts) {
    return {texts.begin(), texts.end()};
}

}  // namespace

SlotsView::SlotsView(QWidget* parent) : QWidget(parent) {
    m_panel = new PanelFrame({}, this);
    m_heads = named("codes.training.head", new QComboBox);
    m_heads->setAccessibleName(tr("Head of the slots\u2019 attention"));
    m_choice = named("codes.training.slots", new SegmentedControl({tr("look"), tr("say")}, tr("What slots do")));
    m_choice->setHeight(20);
    m_choice->setChoiceToolTip(0, tr("Where each slot looks when it reads the input"));
    m_choice->setChoiceToolTip(1, tr("Which positions of what is read back change when a slot gets another code"));
    m_panel->addControl(m_heads);
    m_panel->addControl(m_choice);
    m_reads = named("codes.training.reads", new Map(MapForm::values(), tr("Where the slots look")));
    m_reads->setAxes(tr("slot"), tr("token"));
    m_reads->setQuantity(tr("weight"), [](double weight) { return fixed(weight, 3); });
    m_reads->setEmptyText(tr("The input is on its way"));
    m_says = named("codes.training.says", new Map(MapForm::values(), tr("What the slots say")));
    m_says->setAxes(tr("slot"), tr("position"));
    m_says->setQuantity(tr("share of its flips"), [](double share) { return percent(share); });
    m_stack = new CurrentStack;
    m_stack->addWidget(m_reads);
    m_stack->addWidget(m_says);
    m_help = new WrappedText(2, TextSize::caption, Role::muted);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    lines->addWidget(m_stack, 1);
    lines->addWidget(m_help);
    keepSpacing(lines, {4, 0, 4, 2}, 0);
    m_panel->setContent(body);
    column(this)->addWidget(m_panel);
    connect(m_choice, &SegmentedControl::chosen, this, [this](int which) {
        setShows(static_cast<Shows>(which));
        emit changed();
    });
    connect(m_heads, &QComboBox::activated, this, [this] {
        showReads();
        emit changed();
    });
    showTitle();
}

SlotsView::Shows SlotsView::shows() const {
    return static_cast<Shows>(m_choice->current());
}

void SlotsView::setShows(Shows shows) {
    m_choice->setCurrent(static_cast<int>(shows));
    m_stack->setCurrentIndex(static_cast<int>(shows));
    showTitle();
}

int SlotsView::head() const {
    return std::max(0, m_heads->currentIndex());
}

void SlotsView::fillHeads(int heads) {
    if (m_heads->count() == heads) return;
    const int chosen = std::min(head(), heads - 1);
    m_heads->clear();
    for (int h = 0; h < heads; ++h) m_heads->addItem(tr("head %1").arg(h));
    m_heads->setCurrentIndex(chosen);
}

void SlotsView::setTrace(std::shared_ptr<const Trace> trace, const QStringList& tokens) {
    if (trace == m_trace && tokens == m_tokens) return;
    m_trace = std::move(trace);
    m_tokens = tokens;
    const Tensor* weights = m_trace ? m_trace->find(slotWeights) : nullptr;
    if (weights) fillHeads(static_cast<int>(weights->extent(0)));
    showReads();
    showTitle();
}

void SlotsView::showReads() {
    m_reads->setData(slotMap(m_trace, head()));
    m_reads->setNames({}, slotTokenNames(m_tokens));
}

void SlotsView::setFlips(std::shared_ptr<const codes::SlotRobustness> flips, const QString& waiting) {
    m_says->setEmptyText(waiting);
    if (flips == m_flips) return;
    m_flips = std::move(flips);
    MapData map;
    if (m_flips && m_flips->longest > 0) {
        const std::vector<float> shares(m_flips->positions.begin(), m_flips->positions.end());
        map = mapOf(shares, static_cast<int>(m_flips->bySlot.size()), m_flips->longest);
    }
    m_says->setData(map);
}

void SlotsView::setSteps(const QString& reads, const QString& says) {
    m_readsStep = reads;
    m_saysStep = says;
    showTitle();
}

void SlotsView::showTitle() {
    const bool reads = shows() == Shows::reads;
    m_panel->setTitle(reads ? m_reads->subject() : m_says->subject());
    m_panel->setShortTitle(tr("Slots"));
    m_panel->setSubtitle(reads ? m_readsStep : m_saysStep);
    m_heads->setVisible(reads && m_heads->count() > 1);
    m_help->setText(reads ? tr("A row for each slot: how it shares its attention among the tokens of the input in focus.")
                          : tr("A row for each slot: how often a position is read back as another token when this slot alone gets another "
                               "code, over the first sequences of the test set."));
}

}  // namespace lab
