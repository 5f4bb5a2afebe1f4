#include "ui/pages/codes/learned_panel.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "ui/pages/codes/code_bits.h"
#include "ui/pages/codes/code_flow.h"
#include "ui/pages/codes/code_flow_paint.h"
#include "ui/pages/codes/learned_number.h"
#include "ui/pages/codes/usage_map.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/column.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int learnedGap = 8, learnedSmall = 20;
constexpr int usageWide = 7, pairsWide = 7, bitsWide = 5;  // of the width
constexpr QSizeF flowFigure{1160, 134}, usageFigure{560, 40}, codeBitsFigure{460, 78};
const QString pairsKey = QStringLiteral("pairs"), slotKey = QStringLiteral("slot"), slotCell = QStringLiteral("slot:");
const QStringList pairCells{QStringLiteral("collisions"), QStringLiteral("nearest")};

FigureTable slotNumbers(const codes::Code& code, const codes::Code& turned, const BottleneckShape& shape) {
    FigureTable table{{"slot", "code", "codes", "by_hand"}, {}};
    for (std::size_t slot = 0; slot < code.size(); ++slot)
        table.rows.push_back({std::to_string(slot), std::to_string(turned[slot]), std::to_string(shape.codes),
                              turned[slot] == code[slot] ? "" : std::to_string(code[slot])});
    return table;
}

FigureTable usageNumbers(const codes::CodeReport& report) {
    FigureTable table{{"slot", "code", "sequences", "perplexity"}, {}};
    for (std::size_t slot = 0; slot < report.usage.size(); ++slot)
        for (std::size_t code = 0; code < report.usage[slot].counts.size(); ++code)
            table.rows.push_back({std::to_string(slot), std::to_string(code), std::to_string(report.usage[slot].counts[code]),
                                  numberText(report.usage[slot].perplexity())});
    return table;
}

FigureTable bitsNumbers(const codes::CodeReport& report) {
    FigureTable table{{"bits", "value"}, {}};
    for (const CodeBits::Bar& bar : CodeBits::barsOf(report)) table.rows.push_back({bar.name.toStdString(), numberText(bar.bits)});
    return table;
}

}  // namespace

LearnedPanel::LearnedPanel(Focus& focus, Workspace&, QWidget* parent) : PageTab(focus, parent) {
    auto* lines = column(this);
    m_content = new QWidget(this);
    m_none = new EmptyState({}, {}, tr("Open a preset that has one"), this);
    setControlName(*m_none->button(), QStringLiteral("codes.learned.none.open"));
    lines->addWidget(m_content, 1);
    lines->addWidget(m_none, 1);
    m_down = column(m_content);
    m_down->addWidget(makeFlow());
    auto* row = new QWidget(m_content);
    m_across = new QHBoxLayout(row);
    m_across->setContentsMargins(0, 0, 0, 0);
    m_across->addWidget(makeUsage(), usageWide);
    m_across->addWidget(makePairs(), pairsWide);
    m_across->addWidget(makeBits(), bitsWide);
    m_down->addWidget(row, 1);
    connectParts();
    followTheme(this, &LearnedPanel::applyMeasures);
    m_content->hide();
}

QWidget* LearnedPanel::makeFlow() {
    m_flowPanel = new PanelFrame(tr("Learned code"), m_content);
    m_flowPanel->setDense(true);
    m_back = named("codes.learned.back", new Button(tr("Its own code")));
    m_back->setHeight(learnedSmall);
    m_back->setToolTip(tr("Every slot back to the code of the sequence (Escape)"));
    m_back->hide();
    m_number = new LearnedNumber;
    m_flowPanel->addControl(m_back);
    m_flowPanel->addControl(m_number);
    m_flow = named("codes.learned.dials", new CodeFlow);
    m_flowPanel->setContent(m_flow);
    return m_flowPanel;
}

QWidget* LearnedPanel::makeUsage() {
    m_usagePanel = new PanelFrame(tr("Code usage"), m_content);
    m_usagePanel->setDense(true);
    m_scale = new UsageScale;
    m_usagePanel->addControl(m_scale);
    m_usage = named("codes.learned.usage", new UsageMap);
    m_usagePanel->setContent(m_usage);
    return m_usagePanel;
}

QWidget* LearnedPanel::makePairs() {
    m_pairPanel = new PanelFrame({}, m_content);
    m_pairPanel->setDense(true);
    m_choice = named("codes.learned.pairs", new SegmentedControl({tr("Collisions"), tr("Nearest")}, tr("Pairs of sequences")));
    m_choice->setHeight(learnedSmall);
    m_choice->setChoiceToolTip(
        0, withTerm(tr("Different sequences of the test set that have the same code"), QStringLiteral("code_collision")));
    m_choice->setChoiceToolTip(1, tr("Sequences of the test set whose codes are nearest to the one above"));
    m_verdict = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_pairPanel->addControl(m_verdict);
    m_pairPanel->addControl(m_choice);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    m_pairStack = new CurrentStack;
    m_pairStack->addWidget(m_collisions = named("codes.learned.collisions", new CollisionTable));
    m_pairStack->addWidget(m_nearest = named("codes.learned.nearest", new NeighbourTable));
    m_pairHint = new WrappedText(2, TextSize::caption, Role::muted);
    lines->addWidget(m_pairStack, 1);
    lines->addWidget(m_pairHint);
    keepSpacing(lines, {4, 0, 4, 2}, 2);
    m_pairPanel->setContent(body);
    return m_pairPanel;
}

QWidget* LearnedPanel::makeBits() {
    m_bitsPanel = new PanelFrame(tr("Bits"), m_content);
    m_bitsPanel->setDense(true);
    m_again = named("codes.learned.again", new Button(tr("Again")));
    m_again->setHeight(learnedSmall);
    m_again->setWidthFor({tr("Again"), tr("Stop")});
    m_bitsPanel->addControl(m_again);
    auto* body = new QWidget;
    QVBoxLayout* lines = column(body);
    m_bits = new CodeBits;
    m_bits->setToolTip(withTerm({}, QStringLiteral("code_perplexity")));
    m_sentence = new WrappedText(3, TextSize::caption, Role::muted);
    m_sentence->setGrowing();
    lines->addWidget(m_bits);
    lines->addWidget(m_sentence, 1);
    keepSpacing(lines, {8, 0, 8, 0}, 0);
    m_bitsPanel->setContent(body);
    return m_bitsPanel;
}

void LearnedPanel::connectParts() {
    connect(m_none->button(), &QPushButton::clicked, this, [this] {
        Place place;
        place.stage = codePresetStage();
        emit placeWanted(place);
    });
    connect(m_flow, &CodeFlow::turned, this, &LearnedPanel::turn);
    connect(m_flow, &CodeFlow::backWanted, this, &LearnedPanel::turnBack);
    connect(m_back, &QPushButton::clicked, this, &LearnedPanel::turnBack);
    connect(m_flow, &CodeFlow::slotChosen, this, &LearnedPanel::showUsage);
    connect(m_usage, &UsageMap::slotChosen, this, [this](int slot) {
        m_flow->setSlot(slot);
        showUsage();
    });
    connect(m_choice, &SegmentedControl::chosen, this, &LearnedPanel::choosePairs);
    const auto opens = [this](DataTable* table, void (LearnedPanel::*take)(std::size_t)) {
        connect(table, &DataTable::rowOpened, this, take);
        connect(table, &QTableView::clicked, this,
                [this, table, take](const QModelIndex& index) { (this->*take)(table->places()[static_cast<std::size_t>(index.row())]); });
    };
    opens(m_collisions, &LearnedPanel::takePair);
    opens(m_nearest, &LearnedPanel::takeNeighbour);
    connect(m_again, &QPushButton::clicked, this, [this] {
        if (!m_study.stop()) m_study.again();
    });
    connect(&m_study, &CodeStudy::changed, this, &PageTab::refreshWanted);
}

void LearnedPanel::applyMeasures() {
    m_down->setSpacing(Theme::instance().px(learnedGap));
    m_across->setSpacing(Theme::instance().px(learnedGap));
}

TabHeading LearnedPanel::heading() const {
    if (!m_absence.isEmpty() || !focus().run()) return {tr("Learned code")};
    return {tr("Learned code"), codeShapeWords(focus().run()->experiment().model.bottleneck.shape())};
}

bool LearnedPanel::ready() const {
    return !m_absence.isEmpty() || (!m_asked && !m_turns && !m_nears && m_study.settled());
}

const codes::Code& LearnedPanel::dials() const {
    static const codes::Code none;
    return !m_turned.empty() ? m_turned : m_look ? m_look->found.code : none;
}

void LearnedPanel::choosePairs(int which) {
    m_choice->setCurrent(which);
    m_pairStack->setCurrentIndex(which);
    emit refreshWanted();
    emit changed();
}

bool LearnedPanel::showCell(const QString& cell) {
    if (cell.isEmpty()) return true;
    if (const qsizetype pairs = pairCells.indexOf(cell); pairs >= 0) {
        choosePairs(static_cast<int>(pairs));
        return true;
    }
    bool isNumber = false;
    const int slot = cell.mid(slotCell.size()).toInt(&isNumber);
    if (!cell.startsWith(slotCell) || !isNumber || slot < 0 || slot >= m_flow->scene().shape.slotCount) return false;
    m_flow->setSlot(slot);
    showUsage();
    return true;
}

/// First the dials, then the measuring.
bool LearnedPanel::escape() {
    if (!m_turned.empty()) {
        turnBack();
        return true;
    }
    return m_study.stop();
}

QJsonObject LearnedPanel::notes() const {
    QJsonObject notes;
    if (m_choice->current() > 0) notes[pairsKey] = m_choice->current();
    if (m_flow->slot() >= 0) notes[slotKey] = m_flow->slot();
    return notes;
}

/// The slot waits for the code that it is one of.
void LearnedPanel::takeNotes(const QJsonObject& notes) {
    choosePairs(std::clamp(notes[pairsKey].toInt(), 0, 1));
    m_notedSlot = notes[slotKey].toInt(-1);
    emit refreshWanted();
}

FigureSubject LearnedPanel::subject(std::int64_t step) const {
    const Run* run = focus().run();
    return {run ? run->name() : QString(), step, QString(), run ? inputWords(*run, focus().input()) : QString()};
}

FigureOffer LearnedPanel::painted(const QString& name, std::int64_t step, const QSizeF& body,
                                  std::function<void(QPainter&, const QSizeF&)> paint, FigureTable numbers) const {
    const FigureSubject of = subject(step);
    return {name, figureFile(of, name), [=] {
                auto figure = std::make_unique<PartsFigure>();
                figure->title = name;
                figure->caption = subjectCaption(of, name);
                figure->body = body;
                figure->parts.push_back({QString(), QRectF(QPointF(), body), nullptr});
                figure->parts.back().paint = paint;
                figure->numbers = numbers;
                return figure;
            }};
}

std::vector<FigureOffer> LearnedPanel::figures() {
    if (!m_absence.isEmpty() || !m_look) return {};
    std::vector<FigureOffer> offers;
    const auto inRoom = [](const auto& paint) {
        return [paint](QPainter& painter, const QSizeF& room) { paint(painter, QRectF(QPointF(), room)); };
    };
    const CodeFlowScene scene = flowScene();
    offers.push_back(painted(tr("Learned code"), m_look->step, flowFigure,
                             inRoom([scene](QPainter& painter, const QRectF& room) { paintCodeFlow(painter, room, scene); }),
                             slotNumbers(scene.code, scene.turned, scene.shape)));
    const auto& report = m_study.findings().report;
    if (!report) return offers;
    const UsageScene usage = m_usage->scene();
    const QSizeF usageBody(usageFigure.width(), usageFigure.height() + UsageMap::heightOf(report->shape.slotCount));
    const auto paintUsage = [usage](QPainter& painter, const QRectF& room) {
        constexpr double scaleRow = 24;
        UsageMap::paint(painter, room.adjusted(0, 0, 0, -scaleRow), usage);
        UsageScale::paint(painter, {room.left(), room.bottom() - scaleRow + 2, room.width(), scaleRow - 2}, usageScaling(*usage.report));
    };
    offers.push_back(painted(m_usagePanel->title(), report.step, usageBody, inRoom(paintUsage), usageNumbers(*report.value)));
    offers.push_back(
        painted(m_bitsPanel->title(), report.step, codeBitsFigure,
                inRoom([value = report.value](QPainter& painter, const QRectF& room) { CodeBits::paint(painter, room, *value); }),
                bitsNumbers(*report.value)));
    const FigureSubject of = subject(report.step);
    if (m_choice->current() == 0 && m_collisions->count() > 0)
        offers.push_back(tableOffer(tr("Collisions"), *m_collisions, tr("Sequences with the same code"), of));
    if (m_choice->current() == 1 && m_nearest->count() > 0)
        offers.push_back(tableOffer(tr("Nearest codes"), *m_nearest, tr("Sequences with the nearest codes"), of));
    return offers;
}

}  // namespace lab
