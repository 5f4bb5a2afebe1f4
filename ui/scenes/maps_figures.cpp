#include "ui/scenes/maps_figures.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/analysis/softmax_steps.h"
#include "ui/scenes/line_picture.h"
#include "ui/scenes/sequence_words.h"
#include "ui/widgets/format.h"
#include "ui/widgets/row_figure.h"

namespace lab {
namespace {

struct MapsFiguresWords {
    Q_DECLARE_TR_FUNCTIONS(MapsFigures)
};

QStringList listed(const std::vector<QString>& tokens) {
    return {tokens.begin(), tokens.end()};
}

MapPanel panelOf(const MapsSubject& subject, const MapsBlock& block, int head) {
    const StageMap& map = subject.maps.at(static_cast<int>(&block - subject.scene.blocks.data()), head);
    MapPanel panel;
    const QString note = lookNote(block, subject.maps.look());
    panel.title = note.isEmpty() ? headTitle(block, head) : MapsFiguresWords::tr("%1, %2").arg(headTitle(block, head), note);
    panel.block = block.info.name;
    panel.layer = block.info.layer;
    panel.head = head;
    panel.data = map.data;
    if (subject.maps.look().perHead) panel.scaling = map.scaling;
    panel.rowLabels = listed(shownRows(block, subject.maps.look()));
    panel.columnLabels = listed(shownColumns(block, subject.maps.look()));
    panel.mutedRows = shownMutedRows(block, subject.maps.look());
    panel.mutedColumns = shownMutedColumns(block, subject.maps.look());
    panel.borders = block.segmentStarts;
    return panel;
}

QString tokensIn(const Run& run, const Trace& trace, bool targetSide) {
    return SequenceWords(run).caption(trace, targetSide);
}

/// What are weights whatever stage is looked at.
MapsSubject withWeights(const MapsSubject& subject) {
    MapsSubject weights = subject;
    weights.maps = StageMaps(weights.scene, weights.trace, {});
    return weights;
}

QString captionOf(const MapsSubject& subject, const QString& head, ShownKernels kernels) {
    const MapStage stage = subject.maps.look().stage;
    const bool shares = kernels != ShownKernels::product && kernels != ShownKernels::fading && kernels != ShownKernels::difference;
    if (stage == MapStage::weights && shares) return mapCaption(subject.words, head);
    return mapCaption(subject.words, head, stageSubject(stage).arg(QStringLiteral("\u2018%1\u2019")), stageHelp(stage, kernels));
}

std::unique_ptr<MapFigure> emptyFigure(const MapsSubject& subject) {
    auto figure = std::make_unique<MapFigure>();
    figure->title = subject.words.run;
    const MapStage stage = subject.maps.look().stage;
    figure->quantity = stageQuantity(stage);
    figure->valueName = mapStageName(stage);
    figure->scaling = subject.maps.at(0, 0).scaling;
    return figure;
}

}  // namespace

MapsSubject mapsSubject(const Run& run, const std::shared_ptr<const Trace>& trace, std::int64_t step, const MapsLook& look) {
    MapsSubject subject;
    subject.words = {run.name(), step, tokensIn(run, *trace, false), tokensIn(run, *trace, true)};
    subject.scene = mapsScene(&run, trace);
    subject.maps = StageMaps(subject.scene, trace, look);
    subject.trace = trace;
    return subject;
}

std::unique_ptr<Figure> allHeadsFigure(const MapsSubject& subject, const MapsFooters& footers) {
    auto figure = emptyFigure(subject);
    figure->caption = captionOf(subject, {}, subject.scene.kernels());
    for (const MapsBlock& block : subject.scene.blocks) {
        figure->columns = std::max(figure->columns, block.info.heads);
        for (int head = 0; head < block.info.heads; ++head) figure->panels.push_back(panelOf(subject, block, head));
    }
    if (footers) figure->footers = footers(subject);
    return figure;
}

std::unique_ptr<Figure> headFigure(const MapsSubject& subject, int block, int head, const MapsFooters& footers) {
    const MapsBlock& chosen = subject.scene.blocks[static_cast<std::size_t>(block)];
    auto figure = emptyFigure(subject);
    figure->panels.push_back(panelOf(subject, chosen, head));
    figure->caption = captionOf(subject, headTitle(chosen, head), subject.scene.kernels(chosen));
    if (footers) figure->footers = footers(subject);
    return figure;
}

std::unique_ptr<Figure> lineFigure(const MapsSubject& subject, int block, int head) {
    const MapsBlock& chosen = subject.scene.blocks[static_cast<std::size_t>(block)];
    const std::unique_ptr<Figure> map = headFigure(withWeights(subject), block, head);
    auto figure = std::make_unique<LineFigure>();
    figure->title = subject.words.run;
    figure->head = headTitle(chosen, head);
    figure->picture.set(chosen.heads[static_cast<std::size_t>(head)].weights, chosen.rowTokens, chosen.columnTokens);
    figure->numbers = map->table();
    figure->caption =
        mapCaption(subject.words, figure->head) + QLatin1Char(' ') +
        MapsFiguresWords::tr("A line leads from a query (left) to a key (right); it is thicker and stronger in colour for more weight.");
    return figure;
}

std::unique_ptr<Figure> differenceFigure(const MapsSubject& kept, const MapsSubject& now, int block, int head) {
    const auto panelFor = [&](const MapsSubject& subject, const QString& title, const char* input) {
        MapPanel panel = panelOf(subject, subject.scene.blocks[static_cast<std::size_t>(block)], head);
        panel.title = title;
        panel.input = input;
        panel.scaling.reset();
        return panel;
    };
    const MapStage stage = now.maps.look().stage;
    const HeadDifference difference = headDifference(stage, kept.maps.at(block, head), now.maps.at(block, head));
    auto figure = emptyFigure(now);
    figure->scaling = difference.before.scaling;
    figure->columns = 3;
    figure->panels = {panelFor(kept, MapsFiguresWords::tr("kept"), "kept"), panelFor(now, MapsFiguresWords::tr("now"), "now")};
    if (!difference.change.data.empty()) {
        MapPanel change = panelFor(now, MapsFiguresWords::tr("now \u2212 kept"), "now-kept");
        change.data = difference.change.data;
        change.scaling = difference.change.scaling;
        change.ownQuantity = MapsFiguresWords::tr("now \u2212 kept");
        figure->panels.push_back(change);
    }
    const MapsBlock& chosen = now.scene.blocks[static_cast<std::size_t>(block)];
    figure->caption = captionOf(now, headTitle(chosen, head), now.scene.kernels(chosen)) + QLatin1Char(' ') +
                      MapsFiguresWords::tr("Kept input: %1.").arg(kept.words.input);
    return figure;
}

std::unique_ptr<Figure> rowFigure(const MapsSubject& asShown, int block, int head, int query) {
    const MapsSubject subject = withWeights(asShown);
    const MapsBlock& chosen = subject.scene.blocks[static_cast<std::size_t>(block)];
    auto figure = std::make_unique<RowFigure>();
    figure->title = subject.words.run;
    figure->panel = panelOf(subject, chosen, head);
    figure->query = query;
    figure->sum = rowByWeight(*subject.trace, chosen.info, head, query).front().fromHere;
    const auto& tokens = chosen.rowTokens;
    const QString word = static_cast<std::size_t>(query) < tokens.size() ? tokens[static_cast<std::size_t>(query)] : QString();
    figure->panel.title = MapsFiguresWords::tr("%1, query %2 \u201C%3\u201D").arg(headTitle(chosen, head)).arg(query).arg(word);
    figure->caption = mapCaption(subject.words, figure->panel.title);
    return figure;
}

MapsFilm::MapsFilm(const Run& run, const Input& input, const MapsLook& look, int block, int head, MapsFooters footers)
    : m_run(&run),
      m_checkpoints(run.history().checkpoints()),
      m_input(input),
      m_look(look),
      m_block(block),
      m_head(head),
      m_footers(std::move(footers)) {
    connect(&m_inspector, &Inspector::traceReady, this,
            [this](const CheckpointPtr& checkpoint, const Input&, const std::shared_ptr<const Trace>& trace) { draw(checkpoint, trace); });
    connect(&m_inspector, &Inspector::traceFailed, this, &FilmSource::failed);
}

void MapsFilm::request(int frame) {
    if (!m_run) {
        // Answered later, as promised.
        QMetaObject::invokeMethod(
            this, [this] { emit failed(FilmSource::tr("The run is no longer open")); }, Qt::QueuedConnection);
        return;
    }
    const AnswerCost& cost = m_run->experiment().training.answer_cost;
    m_inspector.request(m_run->model(), m_checkpoints[static_cast<std::size_t>(frame)], m_input,
                        {.intermediates = true, .gradients = needsGradients(m_look.stage), .cost = cost}, {.answer = false});
}

/// The step stands in the title: a caption of one length keeps all frames of one size.
void MapsFilm::draw(const CheckpointPtr& checkpoint, const std::shared_ptr<const Trace>& trace) {
    if (!m_run) {
        emit failed(FilmSource::tr("The run is no longer open"));
        return;
    }
    MapsSubject subject = mapsSubject(*m_run, trace, checkpoint->step, m_look);
    subject.words.step = -1;
    std::shared_ptr<Figure> figure = m_block < 0 ? allHeadsFigure(subject, m_footers) : headFigure(subject, m_block, m_head, m_footers);
    figure->title = FilmSource::tr("%1 \u00B7 step %2").arg(subject.words.run, grouped(checkpoint->step));
    emit ready(figure);
}

}  // namespace lab
