#include "ui/pages/memory/concept_panel.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QVBoxLayout>
#include <cmath>

#include "core/base/errors.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int tableRow = 20;

QString number(double value) {
    return std::isnan(value) ? QStringLiteral("–") : fixed(value, 2);
}

QString amount(double value) {
    return fixed(value, 0);
}

}  // namespace

ConceptPanel::ConceptPanel(QWidget* parent) : QWidget(parent) {
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->addWidget(makeEvents(), 0, 0);
    m_grid->addWidget(makeTable(), 0, 1);
    m_grid->addWidget(makePair(), 1, 0, 1, 2);
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 3);
    m_grid->setRowStretch(0, 5);
    m_grid->setRowStretch(1, 3);
    setText(QString::fromStdString(conceptExample()));
    followTheme(this, &ConceptPanel::applyMeasures);
}

QWidget* ConceptPanel::makeEvents() {
    m_eventPanel = new PanelFrame(tr("Events"), this);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_text = named("memory.evidence.events", new QPlainTextEdit);
    m_text->setAccessibleName(tr("Events, one a line"));
    m_text->setToolTip(
        tr("One event a line: which concepts were active together. “3 x bird flies” happens three times, “-” is an event with "
           "nothing active."));
    m_text->setTabChangesFocus(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_error = new ProblemLabel;
    m_firstBox = named("memory.evidence.first", new QComboBox);
    m_firstBox->setAccessibleName(tr("First node"));
    m_secondBox = named("memory.evidence.second", new QComboBox);
    m_secondBox->setAccessibleName(tr("Second node"));
    auto* nodes = new QHBoxLayout;
    nodes->addWidget(m_firstBox, 1);
    nodes->addWidget(m_secondBox, 1);
    auto* clicks = new QGridLayout;
    const auto button = [&](const char* name, const QString& text, const QString& help, bool first, bool second) {
        auto* made = named(name, new Button(text));
        made->setHeight(20);
        made->setToolTip(help);
        clicks->addWidget(made, clicks->count() / 2, clicks->count() % 2);
        connect(made, &QPushButton::clicked, this, [this, first, second] { addEvent(first, second); });
    };
    button("memory.evidence.both", tr("both"), tr("An event in which both nodes are active"), true, true);
    button("memory.evidence.first_only", tr("first"), tr("An event in which only the first node is active"), true, false);
    button("memory.evidence.second_only", tr("second"), tr("An event in which only the second node is active"), false, true);
    button("memory.evidence.neither", tr("none"), tr("An event in which neither is active"), false, false);
    lines->addWidget(m_text, 1);
    lines->addWidget(m_error);
    lines->addLayout(nodes);
    lines->addLayout(clicks);
    keepSpacing(lines, {6, 4, 6, 6}, 4);
    keepSpacing(nodes, {0, 0, 0, 0}, 4);
    keepSpacing(clicks, {0, 0, 0, 0}, 4);
    m_eventPanel->setContent(body);
    auto* example = named("memory.evidence.example", new Button(tr("Example")));
    example->setHeight(20);
    example->setToolTip(tr("The first events again. Ctrl+Z in the text takes it back."));
    m_eventPanel->addControl(example);
    connect(example, &QPushButton::clicked, this, [this] { setText(QString::fromStdString(conceptExample())); });
    connect(m_text, &QPlainTextEdit::textChanged, this, &ConceptPanel::takeText);
    const auto chooseNodes = [this] {
        m_first = std::max(0, m_firstBox->currentIndex());
        m_second = std::max(0, m_secondBox->currentIndex());
        showPair();
    };
    connect(m_firstBox, &QComboBox::activated, this, chooseNodes);
    connect(m_secondBox, &QComboBox::activated, this, chooseNodes);
    return m_eventPanel;
}

QWidget* ConceptPanel::makeTable() {
    m_tablePanel = new PanelFrame(tr("Hebb and evidence"), this);
    auto* body = new QWidget;
    auto* lines = column(body);
    m_states = named("memory.evidence.states", new SegmentedControl({tr("1 and 0"), tr("+1 and −1")}, tr("Active and not")));
    m_states->setHeight(20);
    m_states->setChoiceToolTip(0, tr("Hebb's rule with activity 1 or 0: a weight grows by 1 when both nodes are active"));
    m_states->setChoiceToolTip(
        1, tr("As in Hopfield's network, +1 or −1: a weight grows by 1 when both agree, so both off counts too, and falls "
              "by 1 when they differ"));
    m_tablePanel->addControl(m_states);
    m_table = named("memory.evidence.pairs", new DataTable(tr("Pairs of concepts"), tableRow));
    nameColumns();
    m_verdict = new WrappedText(3, TextSize::axis);
    auto* below = new QVBoxLayout;
    below->addWidget(m_verdict);
    lines->addWidget(m_table, 1);
    lines->addLayout(below);
    keepSpacing(below, {8, 4, 8, 2}, 0);
    m_tablePanel->setContent(body);
    connect(m_states, &SegmentedControl::chosen, this, &ConceptPanel::fill);
    connect(m_table, &DataTable::rowChosen, this, &ConceptPanel::choosePair);
    return m_tablePanel;
}

void ConceptPanel::nameColumns() {
    std::vector<TableColumn> columns;
    const auto add = [&](const char* id, const QString& title, const QString& help, auto value, int decimals, const QString& widest) {
        TableColumn made{id, title, help};
        made.number = [this, value](std::size_t row) { return static_cast<double>(value(m_rows[row])); };
        made.cell = [number = made.number, decimals](std::size_t row) { return TableCell{fixed(number(row), decimals)}; };
        made.widest = widest;
        columns.push_back(std::move(made));
    };
    columns.push_back({"pair", tr("pair"), tr("Where the first is active, is the second?"), Qt::AlignLeft, true});
    columns.back().cell = [this](std::size_t row) { return TableCell{pairName(m_rows[row])}; };
    columns.back().widest = QStringLiteral("penguin → flies");
    add(
        "weight", tr("Hebb"), tr("Hebb: Σ of the products of both activities over the events, Δw = x y. The same for a → b and b → a"),
        [](const PairRow& row) { return row.weight; }, 0, QStringLiteral("00"));
    add(
        "positive", tr("w⁺"), tr("Positive evidence: both active"), [](const PairRow& row) { return row.evidence.positive; }, 0,
        QStringLiteral("00"));
    add(
        "total", tr("w"), tr("All evidence: the first was active"), [](const PairRow& row) { return row.evidence.total; }, 0,
        QStringLiteral("00"));
    add(
        "frequency", tr("f"), tr("Frequency w⁺/w: how often (NARS, Pei Wang)"), [](const PairRow& row) { return row.truth.frequency; }, 2,
        QStringLiteral("0.00"));
    add(
        "confidence", tr("c"), tr("Confidence w/(w + k), k = 1: how sure"), [](const PairRow& row) { return row.truth.confidence; }, 2,
        QStringLiteral("0.00"));
    add(
        "weight_rank", tr("by Hebb"), tr("Place in the order of Hebb's weights"), [](const PairRow& row) { return row.weightRank; }, 0,
        QStringLiteral("00"));
    add(
        "evidence_rank", tr("by f, c"), tr("Place in the order of expectation c (f − ½) + ½, which counts both"),
        [](const PairRow& row) { return row.evidenceRank; }, 0, QStringLiteral("00"));
    columns.back().strong = true;
    columns.back().toolTip = [this](std::size_t row) { return tr("expectation %1").arg(fixed(m_rows[row].truth.expectation(), 3)); };
    m_table->setColumns(std::move(columns));
}

QWidget* ConceptPanel::makePair() {
    m_pairPanel = new PanelFrame(tr("One pair"), this);
    auto* body = new QWidget;
    auto* across = new QHBoxLayout(body);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    m_history = named("memory.evidence.history", new Plot(tr("Frequency and confidence as events come")));
    m_history->setXTitle(tr("events"));
    m_history->setYRange(std::pair(0.0, 1.05));
    m_history->setFlag([](double event) { return tr("after %1").arg(std::lround(event)); });
    m_history->setToolTip(
        tr("Confidence never falls. Frequency settles if events keep their proportions. Hebb's weight has no bound: with 1 and 0 it never "
           "falls; with +1 and −1 it rises and falls."));
    m_history->legend()->show();
    m_revision = named("memory.evidence.revision", new TextTable(tr("Two bodies of evidence")));
    m_revision->setColumns({tr("evidence"), QStringLiteral("w⁺"), QStringLiteral("w"), QStringLiteral("f"), QStringLiteral("c")},
                           {0.44, 0.12, 0.12, 0.16, 0.16});
    m_revision->setToolTip(
        tr("Revision: f = (f₁c₁(1 − c₂) + f₂c₂(1 − c₁)) / (c₁(1 − c₂) + c₂(1 − c₁)), c = that divisor / (itself + (1 − c₁)(1 − "
           "c₂)). Two bodies of evidence that share no event: their amounts add."));
    m_cut = named("memory.evidence.cut", new QSpinBox);
    setAround(*m_cut, tr("first %1 events"));
    m_cut->setAccessibleName(tr("Where the events are cut in two"));
    m_cut->setToolTip(tr("The events before and behind this place are two bodies of evidence, joined by revision"));
    m_pairPanel->addControl(m_history->legend());
    m_pairPanel->addControl(m_cut);
    across->addWidget(m_history, 1);
    across->addWidget(m_revision, 1);
    m_pairPanel->setContent(body);
    connect(m_cut, &QSpinBox::valueChanged, this, &ConceptPanel::showPair);
    return m_pairPanel;
}

void ConceptPanel::applyMeasures() {
    m_grid->setSpacing(Theme::instance().px(panelGap));
}

NodeStates ConceptPanel::states() const {
    return m_states->current() == 0 ? NodeStates::zeroOne : NodeStates::plusMinus;
}

QString ConceptPanel::text() const {
    return m_text->toPlainText();
}

QString ConceptPanel::verdict() const {
    return m_verdict->text();
}

/// As one edit, which Ctrl+Z takes back.
void ConceptPanel::setText(const QString& text) {
    QTextCursor cursor(m_text->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void ConceptPanel::addEvent(bool first, bool second) {
    if (m_stream.names.size() < 2) return;
    QStringList words;
    if (first) words << QString::fromStdString(m_stream.names[static_cast<std::size_t>(m_first)]);
    if (second) words << QString::fromStdString(m_stream.names[static_cast<std::size_t>(m_second)]);
    const QString event = words.isEmpty() ? QStringLiteral("-") : QStringLiteral("1 x ") + words.join(QLatin1Char(' '));
    QTextCursor cursor(m_text->document());
    cursor.movePosition(QTextCursor::End);
    const bool fresh = m_text->toPlainText().isEmpty() || m_text->toPlainText().endsWith(QLatin1Char('\n'));
    cursor.insertText((fresh ? QString() : QStringLiteral("\n")) + event + QLatin1Char('\n'));
    m_text->setTextCursor(cursor);
}

void ConceptPanel::takeText() {
    try {
        m_stream = parseConcepts(m_text->toPlainText().toStdString());
        m_error->say({});
    } catch (const InputError& error) {  // what was understood last stays
        m_error->say(shown(error.message()));
        return;
    }
    fill();
}

void ConceptPanel::fillNodes() {
    const auto count = static_cast<int>(m_stream.names.size());
    m_first = std::clamp(m_first, 0, std::max(0, count - 1));
    m_second = std::clamp(m_second, 0, std::max(0, count - 1));
    if (m_first == m_second && count > 1) m_second = m_first == 0 ? 1 : 0;
    for (QComboBox* box : {m_firstBox, m_secondBox}) {
        const QSignalBlocker quiet(box);
        box->clear();
        for (const std::string& name : m_stream.names) box->addItem(QString::fromStdString(name));
        box->setCurrentIndex(count == 0 ? -1 : box == m_firstBox ? m_first : m_second);
    }
}

void ConceptPanel::fill() {
    m_rows = pairRows(m_stream, states());
    fillNodes();
    m_eventPanel->setSubtitle(tr("%1 so far").arg(m_stream.events.size()));
    const std::vector<OrderConflict> conflicts = orderConflicts(m_rows);
    m_tablePanel->setNote(m_rows.empty()
                              ? QString()
                              : tr("both orders agree on %1 comparisons, not on %2").arg(orderAgreements(m_rows)).arg(conflicts.size()));
    if (m_rows.empty())
        m_verdict->setText(tr("Type events with at least two concepts, or click them."));
    else if (conflicts.empty())
        m_verdict->setText(tr("Both orders put no two pairs differently."));
    else
        m_verdict->setText(shown(conflictText(m_stream, m_rows, conflicts.front())));
    m_table->showAll(m_rows.size(), std::nullopt);
    m_table->viewport()->update();
    const QSignalBlocker quiet(m_cut);
    const auto events = static_cast<int>(m_stream.events.size());
    const bool half = m_cut->maximum() != events;
    m_cut->setRange(0, events);
    if (half) m_cut->setValue(events / 2);
    showPair();
}

QString ConceptPanel::pairName(const PairRow& row) const {
    const auto name = [this](int node) { return QString::fromStdString(m_stream.names[static_cast<std::size_t>(node)]); };
    return name(row.first) + QStringLiteral(" → ") + name(row.second);
}

void ConceptPanel::choosePair(std::size_t row) {
    if (row >= m_rows.size()) return;
    m_first = m_rows[row].first;
    m_second = m_rows[row].second;
    fillNodes();
    showPair();
}

void ConceptPanel::showPair() {
    if (m_stream.names.size() < 2 || m_first == m_second) {
        m_pairPanel->setSubtitle({});
        m_history->setSeries({});
        m_history->setEmptyText(tr("Choose two different nodes."));
        m_revision->setRows({});
        emit changed();
        return;
    }
    const PairCounts counts = countPair(m_stream, m_first, m_second);
    PairRow pair;
    pair.first = m_first;
    pair.second = m_second;
    m_pairPanel->setTitle(pairName(pair));
    m_pairPanel->setSubtitle(tr("both %1, first %2, second %3, none %4, Hebb %5")
                                 .arg(QString::number(counts.both), QString::number(counts.firstOnly), QString::number(counts.secondOnly),
                                      QString::number(counts.neither), fixed(hebbWeight(counts, states()), 0)));
    const PairHistory history = pairHistory(m_stream, m_first, m_second, states());
    PlotSeries frequency{tr("f"), Role::series1}, confidence{tr("c"), Role::series3};
    for (std::size_t event = 0; event < history.weight.size(); ++event) {
        if (std::isfinite(history.frequency[event])) {
            frequency.x.push_back(static_cast<double>(event));
            frequency.y.push_back(history.frequency[event]);
        }
        confidence.x.push_back(static_cast<double>(event));
        confidence.y.push_back(history.confidence[event]);
    }
    m_history->setXRange(0, std::max<double>(1, static_cast<double>(m_stream.events.size())));
    m_history->setSeries({std::move(frequency), std::move(confidence)});
    m_history->setMarks({{static_cast<double>(m_cut->value()), {}}});
    const RevisionCheck check = checkRevision(m_stream, m_first, m_second, m_cut->value());
    const auto row = [](const QString& name, const Evidence& evidence, const Truth& truth) {
        return TextTable::Row{{name, amount(evidence.positive), amount(evidence.total), number(truth.frequency), number(truth.confidence)}};
    };
    std::vector<TextTable::Row> rows{row(tr("first events"), check.before, check.truthBefore),
                                     row(tr("later events"), check.after, check.truthAfter),
                                     {{tr("revised"), {}, {}, number(check.revised.frequency), number(check.revised.confidence)}},
                                     row(tr("counted at once"), check.together, check.truthTogether),
                                     {{verdictText(check.difference < 1e-9, tr("revision = counting")), {}, {}, {}, {}}}};
    rows[2].bold = true;
    m_revision->setRows(std::move(rows));
    emit changed();
}

QJsonObject ConceptPanel::notes() const {
    QJsonObject notes;
    if (text() != QString::fromStdString(conceptExample())) notes[QStringLiteral("events")] = text();
    if (states() != NodeStates::zeroOne) notes[QStringLiteral("states")] = 1;
    if (m_first != 0) notes[QStringLiteral("first")] = m_first;
    if (m_second != 1) notes[QStringLiteral("second")] = m_second;
    if (m_cut->value() != m_cut->maximum() / 2) notes[QStringLiteral("cut")] = m_cut->value();
    return notes;
}

void ConceptPanel::takeNotes(const QJsonObject& notes) {
    m_states->setCurrent(notes[QStringLiteral("states")].toInt(0) == 1 ? 1 : 0);
    setText(notes[QStringLiteral("events")].toString(QString::fromStdString(conceptExample())));
    m_first = notes[QStringLiteral("first")].toInt(0);
    m_second = notes[QStringLiteral("second")].toInt(1);
    fill();
    m_cut->setValue(notes[QStringLiteral("cut")].toInt(m_cut->maximum() / 2));
}

}  // namespace lab
