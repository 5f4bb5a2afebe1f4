#include "ui/pages/maps/maps_figures.h"

#include <QCoreApplication>
#include <algorithm>

#include "core/analysis/softmax_steps.h"
#include "ui/widgets/format.h"
#include "ui/widgets/row_figure.h"

namespace lab {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("MapsFigures", text);
}

QStringList listed(const std::vector<QString>& tokens) {
    return {tokens.begin(), tokens.end()};
}

MapPanel panelOf(const MapsBlock& block, int head) {
    MapPanel panel;
    panel.title = headTitle(block, head);
    panel.block = block.info.name;
    panel.layer = block.info.layer;
    panel.head = head;
    panel.data = block.heads[static_cast<std::size_t>(head)].weights;
    panel.rowLabels = listed(block.rowTokens);
    panel.columnLabels = listed(block.columnTokens);
    return panel;
}

QString tokensIn(const Run& run, const Trace& trace, bool targetSide) {
    QStringList words;
    if (const Tensor* tokens = trace.find(targetSide ? "target_tokens" : "tokens"))
        for (float token : tokens->values) words << tokenText(run.experiment(), *run.dataset(), static_cast<int>(token), targetSide);
    return words.join(QLatin1Char(' '));
}

std::unique_ptr<MapFigure> emptyFigure(const MapsSubject& subject) {
    auto figure = std::make_unique<MapFigure>();
    figure->title = subject.words.run;
    figure->quantity = tr("weight");
    figure->scaling = subject.scaling;
    return figure;
}

}  // namespace

MapsSubject mapsSubject(const Run& run, const std::shared_ptr<const Trace>& trace, std::int64_t step, const ColorScaling& scaling) {
    MapsSubject subject;
    subject.words = {run.name(), step, tokensIn(run, *trace, false), tokensIn(run, *trace, true)};
    subject.scene = mapsScene(&run, trace);
    subject.scaling = scaling;
    subject.trace = trace;
    return subject;
}

std::unique_ptr<Figure> allHeadsFigure(const MapsSubject& subject) {
    auto figure = emptyFigure(subject);
    figure->caption = mapCaption(subject.words, {});
    for (const MapsBlock& block : subject.scene.blocks) {
        figure->columns = std::max(figure->columns, block.info.heads);
        for (int head = 0; head < block.info.heads; ++head) figure->panels.push_back(panelOf(block, head));
    }
    return figure;
}

std::unique_ptr<Figure> headFigure(const MapsSubject& subject, int block, int head) {
    const MapsBlock& chosen = subject.scene.blocks[static_cast<std::size_t>(block)];
    auto figure = emptyFigure(subject);
    figure->panels.push_back(panelOf(chosen, head));
    figure->caption = mapCaption(subject.words, headTitle(chosen, head));
    return figure;
}

std::unique_ptr<Figure> rowFigure(const MapsSubject& subject, int block, int head, int query) {
    const MapsBlock& chosen = subject.scene.blocks[static_cast<std::size_t>(block)];
    auto figure = std::make_unique<RowFigure>();
    figure->title = subject.words.run;
    figure->panel = panelOf(chosen, head);
    figure->query = query;
    figure->sum = rowByWeight(*subject.trace, chosen.info, head, query).front().fromHere;
    const auto& tokens = chosen.rowTokens;
    const QString word = static_cast<std::size_t>(query) < tokens.size() ? tokens[static_cast<std::size_t>(query)] : QString();
    figure->panel.title = tr("%1, query %2 \u201C%3\u201D").arg(headTitle(chosen, head)).arg(query).arg(word);
    figure->caption = mapCaption(subject.words, figure->panel.title);
    return figure;
}

MapsFilm::MapsFilm(const Run& run, const Input& input, const ColorScaling& scaling, int block, int head)
    : m_run(&run), m_checkpoints(run.history().checkpoints()), m_input(input), m_scaling(scaling), m_block(block), m_head(head) {
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
    m_inspector.request(m_run->model(), m_checkpoints[static_cast<std::size_t>(frame)], m_input, {});
}

/// The step stands in the title: a caption of one length keeps all frames of one size.
void MapsFilm::draw(const CheckpointPtr& checkpoint, const std::shared_ptr<const Trace>& trace) {
    if (!m_run) {
        emit failed(FilmSource::tr("The run is no longer open"));
        return;
    }
    MapsSubject subject = mapsSubject(*m_run, trace, checkpoint->step, m_scaling);
    subject.words.step = -1;
    std::shared_ptr<Figure> figure = m_block < 0 ? allHeadsFigure(subject) : headFigure(subject, m_block, m_head);
    figure->title = FilmSource::tr("%1 \u00B7 step %2").arg(subject.words.run, grouped(checkpoint->step));
    emit ready(figure);
}

}  // namespace lab
