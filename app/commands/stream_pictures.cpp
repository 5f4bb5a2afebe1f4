#include "app/commands/stream_pictures.h"

#include "core/moments/shown_input.h"
#include "ui/pages/stream/stream_figures.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/two_sides.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

/// What is asked of names alone: without weights.
RunMoment namesOf(const SavedRun& run) {
    return {run.experiment, run.tokenizer, run.model, nullptr, run.step, nullptr};
}

QStringList positionsOf(const SavedRun& run, const Input& input, bool targetSide) {
    QStringList texts;
    for (const std::string& text : shownPositions(namesOf(run), input, targetSide)) texts << qt(text);
    return texts;
}

/// Of the side that answers.
QStringList answeringPositions(const StreamSubject& subject) {
    return positionsOf(subject.run, subject.input, !subject.input.targetTokens.empty());
}

QString inputText(const SavedRun& run, const Input& input) {
    const RunMoment moment = namesOf(run);
    return bothSides(qt(shownInput(moment, input)), input.targetTokens.empty() ? QString() : qt(shownInput(moment, input, true)));
}

FigureSubject subjectOf(const SavedRun& run, const QString& input) {
    return {qt(run.experiment.name), run.step, {}, input};
}

QString quotedAnswer(const StreamSubject& subject, int answer) {
    return answer < 0 ? QString() : quotedToken(qt(subject.answerText(answer)));
}

}  // namespace

std::unique_ptr<Figure> lensPicture(const StreamSubject& subject, std::shared_ptr<const Lens> lens) {
    StreamWords words{answeringPositions(subject), [&subject](int answer) { return qt(subject.answerText(answer)); }};
    return lensFigure(subjectOf(subject.run, inputText(subject.run, subject.input)),
                      lensScene(std::move(words), std::move(lens), LensScene::Rows::parts, LensScene::Cell::top));
}

std::unique_ptr<Figure> logitPicture(const StreamSubject& subject, const Attribution& attribution, const LogitQuestion& question) {
    WaterfallScene scene =
        waterfallScene(attribution, *subject.run.model, answeringPositions(subject), positionsOf(subject.run, subject.input, false), {});
    scene.sumLabel = sumWord(question);
    const QString words = logitWords(question, quotedAnswer(subject, question.answer), quotedAnswer(subject, question.other),
                                     *subject.run.model->config().num_classes);
    return logitFigure(subjectOf(subject.run, inputText(subject.run, subject.input)), words, scene, sumCheck(attribution));
}

std::unique_ptr<Figure> patchPicture(const StreamSubject& subject, const std::shared_ptr<const PatchFound>& found, PatchPart part) {
    const SavedRun& run = subject.run;
    const PatchWords words{positionsOf(run, found->clean, false), positionsOf(run, found->corrupted, false),
                           specOf(run.experiment.model.architecture).twoSides()};
    const PatchQuestion& question = found->question;
    return patchFigure(subjectOf(run, corruptedWords(inputText(run, found->clean), inputText(run, found->corrupted))), patchTitle(),
                       patchMeasure(question, qt(subject.answerText(question.answer)),
                                    question.other < 0 ? QString() : qt(subject.answerText(question.other))),
                       patchScene(words, found, part));
}

std::unique_ptr<Figure> circuitPicture(const SavedRun& run, const CircuitGraph& graph, double least) {
    const auto& blocks = run.model->attentionBlocks();
    const auto heads = [&](int block, int count) {
        std::vector<CircuitScene::Head> made;
        for (int head = 0; head < count; ++head)
            made.push_back({shortHeadName(blocks[static_cast<std::size_t>(block)], head, run.experiment.model.architecture), {}});
        return made;
    };
    return circuitFigure(subjectOf(run, {}), circuitScene(graph, heads(graph.blocks.first, graph.firstHeads),
                                                          heads(graph.blocks.second, graph.secondHeads), everyPathEnd, true, least));
}

}  // namespace lab
