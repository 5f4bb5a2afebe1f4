#include "ui/pages/stream/neurons_tab.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/model/sample_input.h"
#include "core/runs/budget.h"
#include "ui/pages/stream/stream_tab.h"
#include "ui/runs/validation_inputs.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/column.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int neuronsGap = 8, neuronsRow = 20, neuronsBar = 70;  // logical px at 100 %
constexpr int searchedSamples = 200;
constexpr std::size_t shownExamples = 20, shownClasses = 6;
constexpr int tokensAround = 6;    // of an example, to each side
constexpr int widestExample = 56;  // letters

}  // namespace

NeuronsTab::NeuronsTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = named("stream.neurons.none", new EmptyState(QString(), QString(), QString(), this));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_grid->addWidget(makeActivations(), 0, 0, 2, 1);
    m_grid->addWidget(makeExamples(), 0, 1, 1, 2);
    m_grid->addWidget(makeWrites(), 1, 1);
    m_grid->addWidget(makeHeld(), 1, 2);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, 4);
    m_grid->setColumnStretch(2, 4);
    m_grid->setRowStretch(0, 1);
    m_grid->setRowStretch(1, 1);
    m_rest.setSingleShot(true);
    connectParts();
    followTheme(this, &NeuronsTab::applyMeasures);
}

void NeuronsTab::makeControls() {
    m_controls = new QWidget(this);
    auto* row = new QHBoxLayout(m_controls);
    m_layers = named("stream.neurons.layer", new QComboBox);
    m_layers->setAccessibleName(tr("Layer"));
    m_layers->setToolTip(tr("Whose feed-forward part is looked at"));
    m_position = named("stream.neurons.position", new QSpinBox);
    setAround(*m_position, tr("position %1"));
    m_position->setAccessibleName(tr("Position"));
    m_position->setToolTip(tr("Whose neurons are shown"));
    row->addWidget(m_layers);
    row->addWidget(m_position);
    keepSpacing(row, {0, 0, 0, 0}, 6);
}

QWidget* NeuronsTab::makeActivations() {
    m_activationPanel = new PanelFrame(tr("Neurons"), m_content);
    m_activations = named("stream.neurons.activations", new DataTable(tr("Activations of the neurons"), neuronsRow));
    m_activations->setToolTip(
        tr("The numbers between the two maps of the feed-forward part, behind the activation. Bars: share of the "
           "largest magnitude here."));
    fillColumns();
    m_activationPanel->setContent(m_activations);
    return m_activationPanel;
}

void NeuronsTab::fillColumns() {
    const auto value = [this](std::size_t row) {
        return m_look && row < m_look->activations.size() ? static_cast<double>(m_look->activations[row]) : std::nan("");
    };
    std::vector<TableColumn> columns(2);
    columns[0] = {"neuron", tr("neuron"), tr("From 0."), Qt::AlignLeft, true};
    columns[0].cell = [](std::size_t row) { return TableCell{QString::number(row), Role::text, true}; };
    columns[0].number = [](std::size_t row) { return static_cast<double>(row); };
    columns[1] = {"activation", tr("activation"), tr("At this position of this input. Sorted by magnitude.")};
    columns[1].bar = neuronsBar;
    columns[1].cell = [this, value](std::size_t row) {
        if (!std::isfinite(value(row))) return noNumber();
        double most = 1e-12;
        for (const float each : m_look->activations) most = std::max(most, std::abs(static_cast<double>(each)));
        TableCell cell{signedFixed(value(row), 3), value(row) < 0 ? Role::wrong : Role::text};
        cell.bar = std::abs(value(row)) / most;
        return cell;
    };
    columns[1].number = [value](std::size_t row) { return std::abs(value(row)); };
    columns[1].widest = QStringLiteral("\u221299.999");
    m_activations->setColumns(std::move(columns));
    m_activations->sortByColumn(1, false);
}

QWidget* NeuronsTab::makeExamples() {
    m_examplePanel = new PanelFrame(tr("Where it is largest"), m_content);
    m_found = named("stream.neurons.examples", new DataTable(tr("Where the neuron is largest"), neuronsRow));
    m_found->setToolTip(
        tr("The largest activations over samples that are validated on, one a sample; the token in brackets is where it is."));
    fillExampleColumns();
    m_stop = named("stream.neurons.stop", new Button(tr("Stop")));
    m_stop->setHeight(20);
    m_stop->setWidthFor({tr("Stop"), tr("Search again")});
    m_examplePanel->addControl(m_stop);
    m_examplePanel->setContent(m_found);
    return m_examplePanel;
}

void NeuronsTab::fillExampleColumns() {
    std::vector<TableColumn> columns(3);
    columns[0] = {"activation", tr("activation")};
    columns[0].cell = [this](std::size_t row) {
        return row < m_examples.size() ? TableCell{signedFixed(static_cast<double>(m_examples[row].activation), 3)} : noNumber();
    };
    columns[0].number = [this](std::size_t row) {
        return row < m_examples.size() ? static_cast<double>(m_examples[row].activation) : std::nan("");
    };
    columns[1] = {"position", tr("position")};
    columns[1].cell = [this](std::size_t row) {
        return row < m_examples.size() ? TableCell{QString::number(m_examples[row].position)} : noNumber();
    };
    columns[1].number = [this](std::size_t row) { return row < m_examples.size() ? m_examples[row].position : std::nan(""); };
    columns[2] = {"tokens", tr("tokens"), {}, Qt::AlignLeft};
    columns[2].cell = [this](std::size_t row) {
        if (!m_run || !m_samples || row >= m_examples.size()) return noNumber();
        const NeuronExample& example = m_examples[row];
        const Input& input = (*m_samples)[static_cast<std::size_t>(example.sample)];
        QStringList before, behind;
        for (int by = -tokensAround; by < 0; ++by) before << tokenAt(input, example.position + by);
        for (int by = 1; by <= tokensAround; ++by) behind << tokenAt(input, example.position + by);
        before.removeAll(QString());
        behind.removeAll(QString());
        const QString here = QLatin1Char('[') + tokenAt(input, example.position) + QLatin1Char(']');
        return TableCell{(before + QStringList(here) + behind).join(QLatin1Char(' '))};
    };
    columns[2].widest = QString(widestExample, QLatin1Char('0'));
    columns[2].spoken = [this](std::size_t row) {
        return m_samples && row < m_examples.size()
                   ? tokenAt((*m_samples)[static_cast<std::size_t>(m_examples[row].sample)], m_examples[row].position)
                   : QString();
    };
    m_found->setColumns(std::move(columns));
}

QWidget* NeuronsTab::makeWrites() {
    m_writePanel = new PanelFrame(tr("What it writes"), m_content);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_raised = named("stream.neurons.writes", new TextTable(tr("What the neuron writes")));
    m_raised->setColumns({tr("raised"), tr("logit"), tr("lowered"), tr("logit")}, {0.28, 0.22, 0.28, 0.22});
    m_raised->setToolTip(
        tr("What the neuron adds to each logit when it is 1, less the mean over all classes: its column of the second map "
           "through the output head, the straight way; the last norm’s scale left out."));
    m_noWrites = new ThemedLabel(QString(), TextSize::text, Role::muted);
    m_noWrites->setWordWrap(true);
    m_noWrites->setMargin(6);
    lines->addWidget(m_noWrites);
    lines->addWidget(m_raised, 1);
    m_writePanel->setContent(body);
    return m_writePanel;
}

QWidget* NeuronsTab::makeHeld() {
    m_heldPanel = new PanelFrame(tr("Off and on"), m_content);
    m_hold = named("stream.neurons.hold", new SegmentedControl({tr("off"), tr("at its largest")}, tr("The neuron is")));
    m_hold->setHeight(20);
    m_hold->setToolTip(tr("The neuron held at 0, or at the largest value found over the samples, at all positions; all else follows."));
    m_heldPanel->addControl(m_hold);
    m_changed = named("stream.neurons.changed", new TextTable(tr("Answers with the neuron held")));
    m_changed->setColumns({tr("class"), tr("as it is"), tr("held"), tr("difference")}, {0.28, 0.24, 0.24, 0.24});
    m_changed->setToolTip(tr("Probabilities at this position, the most changed first"));
    m_heldPanel->setContent(m_changed);
    return m_heldPanel;
}

void NeuronsTab::connectParts() {
    connect(m_layers, &QComboBox::activated, this, [this] {
        m_neuron.reset();
        emit refreshWanted();
    });
    connect(m_position, &QSpinBox::valueChanged, this, [this](int position) {
        Selection selection = focus().selection();
        selection.query = position;
        focus().select(selection);
        emit refreshWanted();
    });
    connect(m_stop, &Button::clicked, this, [this] {
        if (!stopSearch()) startSearch();
        showSearch();
    });
    connect(m_hold, &SegmentedControl::chosen, this, &PageTab::refreshWanted);
    connect(m_activations, &DataTable::rowChosen, this, [this](std::size_t row) {
        m_neuron = static_cast<int>(row);
        emit refreshWanted();
    });
    connect(&m_rest, &QTimer::timeout, this, &PageTab::refreshWanted);
}

void NeuronsTab::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(neuronsGap));
}

TabHeading NeuronsTab::heading() const {
    if (!m_look || !m_run) return {tr("Neurons")};
    return {tr("Layer %1, neuron %2").arg(m_look->neuron.layer).arg(m_look->neuron.index),
            tr("position %1 “%2”").arg(QString::number(m_look->position), tokenAt(m_asked.input, m_look->position))};
}

QString NeuronsTab::tokenAt(const Input& input, int position) const {
    const bool targets = !input.targetTokens.empty();
    const auto count = std::ssize(targets ? input.targetTokens : input.tokens);
    if (position < 0 || position >= count) return {};
    return SequenceWords(*m_run).all(input, targets).value(position);
}

void NeuronsTab::meet(Run* run) {
    if (run == m_run) return;
    m_task.cancel();
    m_search.cancel();
    m_busy = m_searching = false;
    m_look.reset();
    m_run = run;
    m_layerList.clear();
    m_layers->clear();
    m_neuron.reset();
    m_asked = {};
    m_examples.clear();
    m_searchedAt.reset();
    m_samples.reset();
    if (!run) return;
    m_layerList = layersWithNeurons(*run->model());
    for (const int layer : m_layerList) m_layers->addItem(tr("layer %1").arg(layer));
    std::vector<Input> inputs;
    for (const Sample& sample : firstSamples(*run->dataset(), searchedSamples)) inputs.push_back(inputOf(sample));
    m_samples = std::make_shared<const std::vector<Input>>(std::move(inputs));
}

QJsonObject NeuronsTab::notes() const {
    if (m_kept || !m_run) return m_kept.value_or(QJsonObject());
    QJsonObject notes;
    if (m_layers->currentIndex() > 0) notes[QStringLiteral("layer")] = m_layers->currentIndex();
    if (m_neuron) notes[QStringLiteral("neuron")] = *m_neuron;
    if (m_hold->current() > 0) notes[QStringLiteral("hold")] = m_hold->current();
    return notes;
}

void NeuronsTab::takeNotes(const QJsonObject& notes) {
    m_kept = notes;
    emit refreshWanted();
}

void NeuronsTab::applyNotes() {
    if (!m_kept || !m_run || m_layerList.empty()) return;
    const QJsonObject kept = *std::exchange(m_kept, std::nullopt);
    m_layers->setCurrentIndex(std::clamp(kept[QStringLiteral("layer")].toInt(), 0, m_layers->count() - 1));
    const int neuron = kept[QStringLiteral("neuron")].toInt(-1), layer = m_layerList[static_cast<std::size_t>(m_layers->currentIndex())];
    if (neuron >= 0 && neuron < neuronsOf(*m_run->model(), layer)) m_neuron = neuron;
    m_hold->setCurrent(std::clamp(kept[QStringLiteral("hold")].toInt(), 0, 1));
}

float NeuronsTab::heldValue() const {
    return m_hold->current() == 0 ? 0.0F : m_largest;
}

void NeuronsTab::refresh() {
    try {
        meet(focus().run());
    } catch (const InputError& why) {
        m_controls->setEnabled(false);
        return showAbsence(tr("There are no neurons to look at"), shown(why));
    }
    m_controls->setEnabled(m_run && !m_layerList.empty());
    applyNotes();
    if (!m_run) return showAbsence(tr("There is no model yet"), tr("Choose a preset at the top left."));
    if (m_layerList.empty() || !focus().checkpoint()) return;
    if (!focus().traceError().isEmpty()) return showAbsence(tr("This input has no neurons"), focus().traceError());
    const Input& input = focus().input();
    const auto positions = static_cast<int>((input.targetTokens.empty() ? input.tokens : input.targetTokens).size());
    const QSignalBlocker quiet(m_position);
    m_position->setRange(0, std::max(positions - 1, 0));
    m_position->setValue(focus().selection().query);
    const int layer = m_layerList[static_cast<std::size_t>(std::max(m_layers->currentIndex(), 0))];
    const Wanted now{m_run, focus().checkpoint(), input, {layer, m_position->value(), m_neuron, heldValue()}};
    Wanted byHand = now;
    byHand.checkpoint = m_asked.checkpoint;
    if (now == m_asked || (byHand == m_asked && (m_busy || m_rest.isActive()))) return;
    ask(now);
}

void NeuronsTab::ask(const Wanted& now) {
    m_asked = now;
    m_busy = true;
    m_task.request(
        [this, model = m_run->model(), checkpoint = now.checkpoint, input = now.input,
         question = now.question](const LatestTask::Wanted& isWanted) -> LatestTask::Found {
            const auto start = std::chrono::steady_clock::now();
            const StreamRuns runs(*model, checkpoint->weights, [&isWanted] { return !isWanted(); });
            auto look = std::make_shared<NeuronLook>(neuronLook(runs, input, question));
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            return [this, look, seconds] { take(look, seconds); };
        },
        [this](const QString& message) { showAbsence(tr("This input has no neurons"), message); });
}

void NeuronsTab::take(const std::shared_ptr<const NeuronLook>& look, double seconds) {
    m_busy = false;
    if (!m_run) return;
    if (m_run->state() == Run::State::training) m_rest.start(budget::restAfter(seconds));
    m_look = look;
    m_absence.clear();
    m_none->hide();
    m_content->show();
    search();
    showAll();
    emit refreshWanted();  // newer weights may wait
}

/// The samples of the neuron in hand, again for other weights; while a model trains, of those it had when the last search began.
void NeuronsTab::search() {
    const bool same = m_searchedFor == m_look->neuron;
    if (same && (m_searchedAt == m_asked.checkpoint || m_searching)) return;
    if (same && m_searchedAt && m_run->state() == Run::State::training) return;
    if (!same) {
        m_examples.clear();
        m_largest = 0;
    }
    m_searchedFor = m_look->neuron;
    m_searchedAt = m_asked.checkpoint;
    startSearch();
}

void NeuronsTab::startSearch() {
    m_searching = true;
    m_looked = 0;
    m_search.requestTold(
        [this, model = m_run->model(), checkpoint = m_searchedAt, samples = m_samples,
         neuron = m_searchedFor](Worker::Context& context) -> LatestTask::Found {
            const StreamRuns runs(*model, checkpoint->weights, [&context] { return context.cancelled(); });
            auto last = std::chrono::steady_clock::now();
            const auto tell = [&](std::size_t looked, const std::vector<NeuronExample>& found) {
                if (std::chrono::steady_clock::now() - last < budget::timeline) return;
                last = std::chrono::steady_clock::now();
                context.tell([this, looked, best = largestOf(found, shownExamples)] { takeExamples(best, static_cast<int>(looked)); });
            };
            const std::vector<NeuronExample> found = largestActivations(runs, *samples, neuron, shownExamples, tell);
            return [this, found, looked = static_cast<int>(samples->size())] {
                m_searching = false;
                takeExamples(found, looked);
                emit refreshWanted();
            };
        },
        [this](const QString& message) {
            m_searching = false;
            m_examplePanel->setNote(message);
        });
}

void NeuronsTab::takeExamples(std::vector<NeuronExample> examples, int looked) {
    m_examples = std::move(examples);
    m_looked = looked;
    if (!m_searching && !m_examples.empty()) m_largest = m_examples.front().activation;
    if (!m_look || !m_run) return;
    showSearch();
    emit changed();
}

bool NeuronsTab::stopSearch() {
    if (!m_searching) return false;
    m_search.cancel();
    m_searching = false;
    if (!m_examples.empty()) m_largest = m_examples.front().activation;
    showSearch();
    emit changed();
    return true;
}

void NeuronsTab::showAbsence(const QString& sentence, const QString& help) {
    m_task.cancel();
    m_search.cancel();
    m_busy = m_searching = false;
    m_look.reset();
    m_searchedAt.reset();
    m_examples.clear();
    m_absence = sentence;
    m_none->setTexts(sentence, help);
    m_content->hide();
    m_none->show();
    emit changed();
}

void NeuronsTab::showAll() {
    m_activationPanel->setTitle(tr("Neurons of layer %1").arg(m_look->neuron.layer));
    m_activations->showAll(m_look->activations.size(), static_cast<std::size_t>(m_look->neuron.index));
    showSearch();
    showWrites();
    showHeld();
    emit changed();
}

void NeuronsTab::showSearch() {
    m_found->showAll(m_examples.size(), std::nullopt);
    m_examplePanel->setSubtitle(tr("neuron %1").arg(m_look->neuron.index));
    const auto [looked, all] = searched();
    m_examplePanel->setNote(
        looked < all ? tr("%1 of %2 samples").arg(grouped(looked), grouped(all))
                     : counted(LAB_PLURAL("stream", "over %n sample(s), step %1"), all, {grouped(m_searchedAt ? m_searchedAt->step : 0)}));
    m_stop->setVisible(looked < all);
    m_stop->setText(m_searching ? tr("Stop") : tr("Search again"));
    m_stop->setToolTip(m_searching ? tr("What was found stays (Esc)") : tr("From the first sample"));
}

void NeuronsTab::showWrites() {
    const bool has = !m_look->writes.empty();
    m_noWrites->setVisible(!has);
    m_raised->setVisible(has);
    m_noWrites->setText(has ? QString() : shown(m_look->noWrites));
    m_writePanel->setSubtitle(tr("neuron %1").arg(m_look->neuron.index));
    if (!has) return;
    const SequenceWords words(*m_run);
    const std::vector<int> raised = farthest(m_look->writes, shownClasses, true), lowered = farthest(m_look->writes, shownClasses, false);
    std::vector<TextTable::Row> rows;
    for (std::size_t i = 0; i < raised.size(); ++i)
        rows.push_back({{words.classText(raised[i]), signedFixed(m_look->writes[static_cast<std::size_t>(raised[i])], 3),
                         words.classText(lowered[i]), signedFixed(m_look->writes[static_cast<std::size_t>(lowered[i])], 3)}});
    m_raised->setRows(std::move(rows));
}

void NeuronsTab::showHeld() {
    m_heldPanel->setSubtitle(tr("held at %1").arg(signedFixed(static_cast<double>(m_asked.question.held), 2)));
    const SequenceWords words(*m_run);
    std::vector<TextTable::Row> rows;
    for (const ChangedClass& each : m_look->classes) {
        if (rows.size() == shownClasses) break;
        rows.push_back(
            {{words.classText(each.id), fixed(each.before, 3), fixed(each.behind, 3), signedFixed(each.behind - each.before, 3)}});
    }
    m_changed->setRows(std::move(rows));
}

FigureSubject NeuronsTab::subject() const {
    return {m_run->name(), m_asked.checkpoint->step, heading().title, inputWords(*m_run, m_asked.input)};
}

std::vector<FigureOffer> NeuronsTab::figures() {
    if (!m_look || !m_run) return {};
    std::vector<FigureOffer> offers;
    for (const auto& [panel, table] : {std::pair(m_activationPanel, m_activations), std::pair(m_examplePanel, m_found)})
        offers.push_back(tableOffer(panel->title(), *table, panel->title(), subject()));
    for (FigureOffer& offer : partOffers(*this, subject())) offers.push_back(std::move(offer));
    return offers;
}

PageTab* makeNeuronsTab(Focus& focus, QWidget* parent) {
    return new NeuronsTab(focus, parent);
}

}  // namespace lab
