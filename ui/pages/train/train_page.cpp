#include "ui/pages/train/train_page.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "core/data/counting.h"
#include "ui/pages/train/live_map.h"
#include "ui/pages/train/part_view.h"
#include "ui/pages/train/phenomena_view.h"
#include "ui/pages/train/picture_samples.h"
#include "ui/pages/train/text_over_time.h"
#include "ui/pages/train/train_curves.h"
#include "ui/pages/train/train_verdict.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/maps_figures.h"
#include "ui/scenes/maps_scene.h"
#include "ui/scenes/measure_words.h"
#include "ui/scenes/parts_figure.h"
#include "ui/scenes/sample_list.h"
#include "ui/scenes/stage_maps.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/curves_figure.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/page_header.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"

namespace lab {
namespace {

constexpr double smoothingFactors[] = {0.0, 0.93, 0.98};

QString stateText(const Run& run) {
    switch (run.state()) {
        case Run::State::paused:
            return run.step() == 0 ? TrainPage::tr("ready") : TrainPage::tr("paused");
        case Run::State::training:
            return TrainPage::tr("training");
        case Run::State::finished:
            return run.stoppedEarly() ? TrainPage::tr("ended early") : TrainPage::tr("finished");
        case Run::State::diverged:
            return TrainPage::tr("diverged");
        case Run::State::failed:
            return TrainPage::tr("failed");
    }
    return {};
}

QString modelText(const ModelConfig& model) {
    const auto counted = [](int n, const QString& one, const QString& many) { return QString::number(n) + ' ' + (n == 1 ? one : many); };
    const DepthSpec& depth = specOf(model.depth.kind);
    QString more;
    if (model.architecture == Architecture::encoder_decoder)
        more = " + " + QString::number(model.num_decoder_layers.value_or(model.num_layers));
    QString text = counted(model.num_layers, TrainPage::tr("layer"), TrainPage::tr("layers")) + more;
    if (depth.tied)
        text = (depth.halts ? TrainPage::tr("one layer for at most %1 steps") : TrainPage::tr("one layer for %1 steps"))
                   .arg(QString::number(model.num_layers) + more);
    if (!model.attends()) return text + ", " + TrainPage::tr("mixing net of %1 units").arg(model.mixer.width.value_or(0));
    return text + ", " + counted(model.num_heads, TrainPage::tr("head"), TrainPage::tr("heads"));
}

/// The plots' frame: a panel without a title bar.
class CurveFrame : public QWidget {
public:
    explicit CurveFrame(QWidget* parent) : QWidget(parent), curves(named("train.curves.plot", new TrainCurves(this))) {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(1, 1, 1, 1);
        layout->addWidget(curves);
    }
    TrainCurves* curves;

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        drawFrame(painter, rect(), theme.px(4), theme.color(Role::hairline), theme.color(Role::panel));
    }
};

}  // namespace

TrainPage::TrainPage(Focus& focus, QWidget* parent) : Page(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    m_verdict = new TrainVerdict(this);
    layout->addWidget(m_verdict);
    auto* frame = new CurveFrame(this);
    m_curves = frame->curves;
    m_map = named("train.curves.map", new LiveMap);
    connect(m_map, &LiveMap::activated, this, [this] { emit placeWanted({.page = QStringLiteral("maps")}); });
    m_curves->channel(m_curves->lossStrip())->setExtra(m_map);
    layout->addWidget(frame, 1);
    layout->addWidget(makeTables());
    connect(m_curves, &CurvePlot::crosshairChanged, this, &TrainPage::scheduleRefresh);
    connect(&m_log, &PredictionLog::answered, this, &TrainPage::showPredictions);
    followTheme(this, &TrainPage::applyMeasures);
}

TrainPage::~TrainPage() = default;

QWidget* TrainPage::mainPart() {
    return m_curves->parentWidget();
}

QWidget* TrainPage::makeHeader() {
    m_header = new PageHeader(this);
    m_stepAxis = named("train.header.step_axis", new SegmentedControl({tr("linear"), tr("log")}, tr("Step axis")));
    m_lossAxis = named("train.header.loss_axis", new SegmentedControl({tr("log"), tr("linear")}, tr("Loss axis")));
    m_smoothing = named("train.header.smoothing",
                        new SegmentedControl({tr("off"), fixed(smoothingFactors[1], 2), fixed(smoothingFactors[2], 2)}, tr("Smoothing")));
    m_smoothing->setCurrent(1);
    m_smoothing->setToolTip(
        tr("Exponential average, debiased: s = f s + (1 − f) x, shown s / (1 − fⁿ). The values themselves stay pale "
           "behind it."));
    auto* fit = named("train.header.fit", new Button(tr("Fit")));
    fit->setToolTip(tr("Show everything (double click). Wheel zooms the steps, over the left axis or with Shift the values; drag pans."));
    m_header->addControl(m_stepAxis, tr("Step axis"));
    m_header->addControl(m_lossAxis, tr("Loss axis"));
    m_header->addControl(m_smoothing, tr("Smoothing"));
    m_header->addControl(fit);
    m_header->addControl(makeExportButton());
    connect(m_stepAxis, &SegmentedControl::chosen, this,
            [this](int index) { m_curves->setStepAxis(index == 0 ? AxisScale::linear : AxisScale::logarithmic); });
    connect(m_lossAxis, &SegmentedControl::chosen, this,
            [this](int index) { m_curves->setValueAxis(m_curves->lossStrip(), index == 0 ? AxisScale::logarithmic : AxisScale::linear); });
    connect(m_smoothing, &SegmentedControl::chosen, this, [this](int index) { m_curves->setSmoothing(smoothingFactors[index]); });
    connect(fit, &Button::clicked, this, [this] { m_curves->fit(); });
    return m_header;
}

QWidget* TrainPage::makeTables() {
    auto* tables = new QWidget(this);
    auto* layout = new QHBoxLayout(tables);
    m_overTime = named("train.tables.over_time", new SampleTable(tr("step"), tableRows));
    m_overTime->setAccessibleName(tr("Prediction over time"));
    m_overTime->setHint(tr("Rows come as the model learns: wrong tokens are struck out."));
    m_moreSamples = named("train.tables.samples", new SampleTable(tr("sample"), tableRows));
    m_moreSamples->setAccessibleName(tr("Six more samples"));
    m_overTimeFrame = new PanelFrame(tr("Prediction over time"));
    m_moreFrame = new PanelFrame(tr("Six more samples"));
    m_order = named("train.tables.order", new SegmentedControl({tr("next"), tr("largest loss")}, tr("Which samples")));
    m_order->setHeight(20);
    m_order->setChoiceToolTip(0, tr("The samples behind the one below"));
    m_order->setChoiceToolTip(1,
                              tr("Of the first %1 samples those that the model gets most wrong at the step shown: a click takes one into "
                                 "the window")
                                  .arg(grouped(SampleRanking::mostSamples)));
    connect(m_order, &SegmentedControl::chosen, this, &TrainPage::refresh);
    connect(&m_ranking, &SampleRanking::answered, this, &TrainPage::scheduleRefresh);
    m_phenomena = new PhenomenaView;
    m_phenomenaFrame = new PanelFrame(tr("By phenomenon"));
    m_phenomenaFrame->setDense(true);
    m_phenomenaFrame->addControl(m_phenomena->curves().legend());
    m_phenomenaFrame->addControl(&m_phenomena->choice());
    connect(m_phenomena, &PhenomenaView::headChosen, this, [this](int block, int head) {
        Selection selection = focus().selection();
        selection.block = block, selection.head = head;
        focus().select(selection);
        emit placeWanted({.page = QStringLiteral("maps")});
    });
    m_phenomenaFrame->setContent(m_phenomena);
    for (auto [frame, content] : {std::pair{m_overTimeFrame, static_cast<QWidget*>(m_overTime)}, std::pair{m_moreFrame, makeBeside()}}) {
        frame->setDense(true);
        frame->setContent(content);
        layout->addWidget(frame, 1);
    }
    layout->addWidget(makePictures(), 1);
    layout->addWidget(m_phenomenaFrame, 2);
    m_texts = new TextOverTime;
    layout->insertWidget(0, m_texts, 1);
    for (QWidget* special : std::initializer_list<QWidget*>{m_texts, m_phenomenaFrame, m_picturesFrame})
        special->hide();  // until asked for
    connect(m_texts, &TextOverTime::stepChosen, this, [this](qint64 step) { focus().showStep(step); });
    connect(m_texts, &TextOverTime::refreshWanted, this, &TrainPage::scheduleRefresh);
    connect(m_overTime, &SampleTable::activated, this, [this](int row) {
        if (!m_overTime->rows()[std::size_t(row)].shown) focus().showStep(m_overTimeSteps[std::size_t(row)]);
    });
    connect(m_moreSamples, &SampleTable::activated, this, [this](int row) { focus().showSample(m_moreIndices[std::size_t(row)]); });
    return tables;
}

/// The six more samples, or a measured part of the model.
QWidget* TrainPage::makeBeside() {
    QStringList choices{tr("samples")};
    for (const PartMeasure* row : PartMeasure::table()) choices << shown(Message(row->choice));
    m_beside = named("train.tables.beside", new SegmentedControl(choices, tr("Samples or a part of the model")));
    m_beside->setHeight(20);
    m_beside->setChoiceToolTip(0, tr("What the model says to six more samples"));
    for (std::size_t row = 0; row < PartMeasure::table().size(); ++row)
        m_beside->setChoiceToolTip(static_cast<int>(row) + 1, shown(Message(PartMeasure::table()[row]->help)));
    m_moreFrame->addControl(m_order);
    m_moreFrame->addControl(m_beside);
    m_parts = new PartView;
    m_besideStack = new CurrentStack;
    m_besideStack->addWidget(m_moreSamples);
    m_besideStack->addWidget(m_parts);
    connect(m_beside, &SegmentedControl::chosen, this, [this] {
        m_besideChosen = true;
        refreshBeside();
    });
    connect(m_parts, &PartView::stepWanted, this, [this](qint64 step) { focus().showStep(step); });
    return m_besideStack;
}

/// Another run has other parts; what the person chose stays where it can.
void TrainPage::offerParts() {
    m_parts->setRun(m_run);
    const auto table = PartMeasure::table();
    const auto has = [this](const PartMeasure* row) { return std::ranges::count(m_parts->parts(), row) > 0; };
    const int present = m_beside->current();
    const bool there = present == 0 ? listsSamples() : has(table[static_cast<std::size_t>(present - 1)]);
    const auto first = std::ranges::find_if(table, has);
    const int wished = first == table.end() ? 0 : static_cast<int>(first - table.begin()) + 1;
    const int current = m_besideChosen && there ? present : wished;
    int offered = 0;
    const auto offer = [&](int choice, bool is) {
        m_beside->setChoiceShown(choice, is || choice == current);
        offered += is ? 1 : 0;
    };
    m_beside->setCurrent(current);
    offer(0, listsSamples());
    for (std::size_t row = 0; row < table.size(); ++row) offer(static_cast<int>(row) + 1, has(table[row]));
    m_beside->setVisible(offered > 1);
    refreshBeside();
}

void TrainPage::refreshBeside() {
    const int current = m_beside->current();
    m_besideStack->setCurrentIndex(current == 0 ? 0 : 1);
    m_order->setVisible(current == 0);
    if (current == 0) {
        m_moreFrame->setTitle(tr("Six more samples"));
        const bool numbers = m_run && m_run->experiment().model.answersNumbers();
        m_moreFrame->setSubtitle((numbers ? tr("at step %1 · in brackets the truth") : tr("at step %1 · × struck out = wrong"))
                                     .arg(grouped(focus().shownStep())));
        return;
    }
    const PartMeasure& part = *PartMeasure::table()[static_cast<std::size_t>(current - 1)];
    if (m_parts->part() != &part) m_parts->setPart(part);
    m_moreFrame->setTitle(shown(Message(part.title)));
    m_moreFrame->setSubtitle(shown(Message(part.unit)));
}

/// Whether six more samples have a place: not beside a text, stories or all pictures.
bool TrainPage::listsSamples() const {
    return !learnsText() && !PhenomenaView::isFor(m_run) && !listsPictures();
}

QWidget* TrainPage::makePictures() {
    m_pictures = named("train.tables.pictures", new PictureSamples);
    m_picturesFrame = new PanelFrame(tr("Samples"));
    m_picturesFrame->setDense(true);
    m_picturesFrame->setContent(m_pictures);
    connect(m_pictures, &PictureSamples::sampleChosen, this, [this](int index) { focus().showSample(index); });
    return m_picturesFrame;
}

void TrainPage::applyMeasures() {
    const int eight = Theme::instance().px(8);
    layout()->setContentsMargins(eight, 0, eight, eight);
    auto* tables = m_overTimeFrame->parentWidget()->layout();
    tables->setContentsMargins(0, eight, 0, 0);
    tables->setSpacing(eight);
}

std::vector<FigureOffer> TrainPage::figures() {
    if (!m_run || m_run->records().empty()) return {};
    const auto named = [this](const QString& what, std::int64_t step) { return figureFile({m_run->name(), step}, what); };
    const std::int64_t shown = focus().shownStep();
    std::vector<FigureOffer> offers{{tr("Curves"), named(tr("curves"), m_run->records().back().step), [this] { return curvesFigure(); }}};
    if (!m_overTime->rows().empty())
        offers.push_back({tr("Prediction over time"), named(tr("prediction"), shown), [this] { return answersFigure(true); }});
    if (learnsText() && !m_texts->list().places().empty())
        offers.push_back(tableOffer(tr("Text over time"), m_texts->list(), tr("What '%1' writes as it learns").arg(m_run->name()),
                                    {m_run->name(), shown}));
    if (listsPictures() && !m_pictures->samples().empty())
        offers.push_back(
            tableOffer(tr("Samples"), *m_pictures, tr("What '%1' says of its samples").arg(m_run->name()), {m_run->name(), shown}));
    if (!m_moreSamples->rows().empty())
        offers.push_back({tr("Six more samples"), named(tr("samples"), shown), [this] { return answersFigure(false); }});
    if (PhenomenaView::isFor(m_run))
        for (FigureOffer& offer : partOffers(*m_phenomena, {m_run->name(), shown})) offers.push_back(std::move(offer));
    if (m_parts->isVisibleTo(this))
        for (FigureOffer& offer : partOffers(*m_parts, {m_run->name(), shown})) offers.push_back(std::move(offer));
    if (!m_map->data().empty()) offers.push_back(mapOffer(named(m_map->head(), shown)));
    return offers;
}

/// The small map as the Maps page draws it for paper.
FigureOffer TrainPage::mapOffer(const QString& fileName) const {
    const MapsSubject subject = mapsSubject(*m_run, focus().trace(), focus().traceStep(), {});
    const Selection& selection = focus().selection();
    const AttentionBlock& block = m_run->model()->attentionBlocks()[std::size_t(selection.block)];
    const int head = std::clamp(selection.head, 0, block.heads - 1);
    return {tr("Attention map"), fileName, [subject, selection, head] { return headFigure(subject, selection.block, head); }};
}

bool TrainPage::ready() const {
    return (learnsText() ? m_texts->ready() : m_log.ready() && (!ranks() || m_ranking.ready())) && m_phenomena->ready() &&
           m_parts->ready() && !(m_run && m_run->isCounting());
}

bool TrainPage::learnsText() const {
    return m_run && TextOverTime::suits(*m_run);
}

bool TrainPage::listsPictures() const {
    return PictureSamples::isFor(m_run);
}

QJsonObject TrainPage::notes() const {
    return {{QStringLiteral("texts"), m_texts->notes()}};
}

void TrainPage::takeNotes(const QJsonObject& notes) {
    m_texts->takeNotes(notes[QStringLiteral("texts")].toObject());
}

/// As the page shows them, drawn anew for paper.
std::unique_ptr<Figure> TrainPage::curvesFigure() const {
    if (!m_run || m_run->records().empty()) return nullptr;
    auto plot = std::make_unique<TrainCurves>();
    plot->setRun(m_run);
    plot->follow();
    plot->copyView(*m_curves);
    if (!focus().live()) plot->setShownStep(focus().shownStep());
    auto figure = std::make_unique<CurvesFigure>(std::move(plot));
    const bool whole = judgesSequences(m_run->experiment().model);
    for (const StepRecord& record : m_run->records()) {
        figure->rows.push_back(metricsRow(record));
        if (whole && !std::isnan(record.train.sequenceAccuracy)) figure->sequenceAccuracy.push_back(record.train.sequenceAccuracy);
    }
    if (const CountingBaselines* counting = m_run->counting())
        for (std::size_t n = 1; n < counting->nats.size(); ++n)
            figure->baselines.emplace_back(std::to_string(n) + "-gram", counting->nats[n]);
    figure->title = m_run->name();
    const QString what = tr("Training of '%1' (%2), steps %3 to %4.")
                             .arg(m_run->name(), modelText(m_run->experiment().model), grouped(figure->rows.front().step),
                                  grouped(figure->rows.back().step));
    figure->caption =
        sentences({what, smoothingSentence(m_curves->smoothing()),
                   focus().live() ? QString() : tr("The upright line stands at step %1.").arg(grouped(focus().shownStep())),
                   figure->baselines.empty() ? QString() : tr("Dotted: what counting reaches. %1").arg(m_verdict->counting())});
    return figure;
}

void TrainPage::refresh() {
    Run* run = focus().run();
    if (run != m_run) {
        m_run = run;
        disconnect(m_countedConnection);
        if (run) m_countedConnection = connect(run, &Run::counted, this, &TrainPage::scheduleRefresh);
        m_log.forget();
        m_ranking.forget();
        m_overTime->setRows({});
        m_moreSamples->setRows({});
        m_pictures->forget();
        offerParts();
    }
    m_curves->setRun(run);
    m_curves->follow();
    m_curves->setShownStep(run ? std::optional(focus().shownStep()) : std::nullopt);
    m_verdict->setRun(run);
    m_verdict->follow(focus().shownStep());
    m_phenomena->setRun(run);
    m_phenomena->follow(focus().shownStep());
    m_phenomena->look(focus().checkpoint());
    m_phenomenaFrame->setVisible(PhenomenaView::isFor(run));
    m_texts->setVisible(learnsText());
    m_overTimeFrame->setVisible(!learnsText());
    m_picturesFrame->setVisible(listsPictures());
    m_moreFrame->setVisible(listsSamples() || !m_parts->parts().empty());
    // Of a run that trains the newest weights pass by too fast: what was measured last is shown.
    m_parts->showStep(focus().shownStep(), run ? run->step() : 0, run && focus().live() ? nullptr : focus().checkpoint());
    m_log.setThrifty(run && run->state() == Run::State::training);
    m_ranking.setThrifty(run && run->state() == Run::State::training);
    refreshHeader();
    refreshMap();
    askForPredictions();
    showPictures();
}

void TrainPage::refreshHeader() {
    if (!m_run) return m_header->setText(tr("No run"));
    const Experiment& experiment = m_run->experiment();
    const QString seed = tr("seed %1").arg(experiment.training.seed);
    m_header->setText(m_run->name(), QStringList{modelText(experiment.model), seed, stateText(*m_run)}.join(QStringLiteral(" · ")));
    m_overTimeFrame->setSubtitle(inputName(focus()));
    refreshBeside();
}

void TrainPage::refreshMap() {
    const auto trace = focus().trace();
    if (!m_run || !trace || m_run->model()->attentionBlocks().empty()) return m_map->setMap({}, {}, {});
    const auto& blocks = m_run->model()->attentionBlocks();
    const AttentionBlock& block = blocks[std::size_t(std::clamp(focus().selection().block, 0, int(blocks.size()) - 1))];
    const int head = std::clamp(focus().selection().head, 0, block.heads - 1);
    const Tensor* weights = trace->find(block.name + ".weights");
    if (!weights || weights->shape.size() != 3) return m_map->setMap({}, {}, {});
    MapData map;
    map.rows = int(weights->extent(1));
    map.columns = int(weights->extent(2));
    const std::ptrdiff_t cells = std::ptrdiff_t(head) * map.rows * map.columns;
    map.values = std::shared_ptr<const float>(trace, weights->values.data() + cells);
    if (const Tensor* scores = trace->find(block.name + ".masked_scores"))
        map.allowedScores = std::shared_ptr<const float>(trace, scores->values.data() + cells);
    const QString moment = focus().live() ? tr("live") : tr("step %1").arg(grouped(focus().traceStep()));
    m_map->setMap(map, tr("%1, head %2").arg(blockLabel(block, m_run->experiment().model.architecture)).arg(head), moment,
                  weightScaling(map, hasSignedWeights(*m_run) && !block.cross));
}

}  // namespace lab
