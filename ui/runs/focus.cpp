#include "ui/runs/focus.h"

#include <QElapsedTimer>
#include <QTimer>
#include <algorithm>
#include <set>

#include "core/analysis/telling_cell.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/model/block_keys.h"
#include "core/model/sample_input.h"
#include "core/runs/budget.h"
#include "ui/runs/comparison.h"

namespace lab {
namespace {

/// An input of one run means the same to the other, right answers included.
bool readAlike(const Run& a, const Run& b) {
    const TaskConfig &taskA = a.experiment().task, &taskB = b.experiment().task;
    const ModelConfig &modelA = a.experiment().model, &modelB = b.experiment().model;
    const bool sameTask = taskA.kind == taskB.kind && taskA.parameters == taskB.parameters && taskA.vocab_size == taskB.vocab_size;
    return sameTask && modelA.architecture == modelB.architecture && modelA.vocab_size == modelB.vocab_size &&
           modelA.num_classes == modelB.num_classes && a.dataset()->tokenizer().kept() == b.dataset()->tokenizer().kept();
}

bool hasPlaces(const ModelConfig& model, const Input& input) {
    const std::size_t longest = std::max(input.tokens.size(), input.targetTokens.size());
    return !model.isBounded() || longest <= static_cast<std::size_t>(*model.max_seq_len);
}

int extent(std::size_t size) {
    return std::max(static_cast<int>(size), 1);
}

}  // namespace

class Focus::Private {
public:
    void clampSelection() {
        if (!run || run->model()->attentionBlocks().empty()) {
            selection = {};
            return;
        }
        const auto& blocks = run->model()->attentionBlocks();
        selection.block = std::clamp(selection.block, 0, static_cast<int>(blocks.size()) - 1);
        const AttentionBlock& block = blocks[static_cast<std::size_t>(selection.block)];
        const bool ofTarget = queriesAreTargets(block, !input.targetTokens.empty());
        const int queries = extent(ofTarget ? input.targetTokens.size() : input.tokens.size());
        const int keys = std::max(keyCount(block, input.tokens.size(), input.targetTokens.size()), 1);
        selection.head = std::clamp(selection.head, 0, std::max(block.heads, 1) - 1);
        selection.query = std::clamp(selection.query, 0, queries - 1);
        selection.key = std::clamp(selection.key, 0, keys - 1);
    }

    void forgetTrace() {
        trace.reset();
        traceStep = -1;
        traceError.clear();
        answer.clear();
        answering = false;
    }

    qint64 traceWait() const {
        const auto pause = budget::between(inspector.traceSeconds(), budget::tracingShare);
        return inspector.busy() ? std::max(pause, budget::traceUnderWay).count() : pause.count() - sinceRequest.elapsed();
    }

    /// Until somebody chooses a cell, one with something to see.
    bool leaveEmptyCell(const Trace& of) {
        if (chosen || run->model()->attentionBlocks().empty()) return false;
        const AttentionBlock& block = run->model()->attentionBlocks()[static_cast<std::size_t>(selection.block)];
        const Tensor* weights = of.find(block.name + ".weights");  // [H, T, S]
        if (!weights || weights->shape.size() != 3) return false;
        const bool answers = input.targetTokens.empty() || block.side == "decoder";
        const auto isAsked = [&](int query) {
            const auto i = static_cast<std::size_t>(query);
            return !answers || i >= input.targets.size() || input.targets[i] >= 0;
        };
        const int queries = static_cast<int>(weights->extent(1)), keys = static_cast<int>(weights->extent(2));
        const float* values = weights->values.data() + static_cast<std::ptrdiff_t>(selection.head) * queries * keys;
        const Selection before = selection;
        const MapCell cell = tellingCell(values, queries, keys, {selection.query, selection.key}, isAsked);
        selection.query = cell.query;
        selection.key = cell.key;
        return selection != before;
    }

    bool answerIsDue() const { return sinceAnswer.elapsed() >= budget::between(inspector.answerSeconds(), budget::answeringShare).count(); }

    void request(bool withAnswer) {
        requested = checkpoint;
        sinceRequest.start();
        if (withAnswer) {
            requestedAnswer = checkpoint;
            sinceAnswer.start();
        }
        if (input.tokens.empty()) return;
        const AnswerCost& cost = run->experiment().training.answer_cost;
        const TraceRequest what{.intermediates = true, .gradients = requestedGradients, .cost = cost};
        inspector.request(run->model(), checkpoint, input, what, {.answer = withAnswer, .patient = live});
    }

    /// The trace says what the model answers, unless a decoder is about to say it by itself.
    bool isAnsweredByTrace() const { return traceAnswers(run->model()->config(), input); }

    Input withHeadChanges(Input plain) const {
        std::erase_if(plain.interventions, [](const Intervention& i) { return i.kind != Intervention::Kind::replace; });
        plain.interventions.insert(plain.interventions.end(), headChanges.begin(), headChanges.end());
        return plain;
    }

    /// Own input that another run reads as well comes along to it; edited numbers were the former's.
    bool keepOwnInput(const Run* before) {
        if (!before || sampleIndex >= 0 || input.tokens.empty()) return false;
        if (!readAlike(*before, *run) || !hasPlaces(run->experiment().model, input)) return false;
        input.interventions.clear();
        return true;
    }

    void takeSample(int index) {
        const Dataset& data = *run->dataset();
        isValidation = data.validationSize() > 0;
        const int count = isValidation ? data.validationSize() : data.trainSize();
        sampleIndex = count > 0 ? (index % count + count) % count : -1;
        if (count > 0) input = withHeadChanges(inputOf(isValidation ? data.validationSample(sampleIndex) : data.trainSample(sampleIndex)));
    }

    QPointer<Run> run;
    bool live = true;
    CheckpointPtr checkpoint;
    std::int64_t wantedStep = 0;  ///< while not live
    QTimer handRests;             ///< then the wanted step is recomputed
    Input input;
    std::vector<Intervention> headChanges;  ///< part of the input
    int sampleIndex = -1;
    bool isValidation = false;
    Selection selection;
    bool chosen = false;  ///< by select()
    std::set<const void*> wantGradients;

    std::shared_ptr<const Trace> trace;
    std::int64_t traceStep = -1;
    QString traceError;
    std::vector<int> answer;
    bool answering = false;

    Comparison* comparison = nullptr;  // the focus's child
    Inspector inspector;
    CheckpointPtr requested;
    CheckpointPtr requestedAnswer;  ///< the newest one whose answer was asked for
    bool requestedGradients = false;
    bool mustRequest = true;
    QElapsedTimer sinceRequest, sinceAnswer;
    QTimer later;
    std::vector<QMetaObject::Connection> connections;
};

Focus::Focus(QObject* parent) : QObject(parent), d(std::make_shared<Private>()) {
    d->comparison = new Comparison(*this);
    d->later.setSingleShot(true);
    connect(&d->later, &QTimer::timeout, this, &Focus::update);
    d->handRests.setSingleShot(true);
    d->handRests.setInterval(budget::handRests);
    connect(&d->handRests, &QTimer::timeout, this, [this] {
        if (d->run && !d->live) d->run->requestWeightsAt(d->wantedStep);
    });
    connect(&d->inspector, &Inspector::traceReady, this,
            [this](const CheckpointPtr& checkpoint, const Input&, const std::shared_ptr<const Trace>& trace) {
                if (d->mustRequest || !d->run) return;  // nothing is looked at any more
                d->trace = trace;
                d->traceStep = checkpoint->step;
                d->traceError.clear();
                if (d->isAnsweredByTrace()) d->answer = predictions(*trace);
                const bool left = d->leaveEmptyCell(*trace);
                emit traceChanged();
                if (left) emit selectionChanged();
                if (d->run && d->isAnsweredByTrace()) emit answerChanged();
            });
    const auto takeAnswer = [this](const std::vector<int>& answer, bool whole) {
        if (d->mustRequest) return;
        d->answer = answer;
        d->answering = !whole;
        emit answerChanged();
    };
    connect(&d->inspector, &Inspector::answerGrows, this,
            [takeAnswer](const CheckpointPtr&, const Input&, const std::vector<int>& soFar) { takeAnswer(soFar, false); });
    connect(&d->inspector, &Inspector::answerReady, this,
            [takeAnswer](const CheckpointPtr&, const Input&, const std::vector<int>& answer) { takeAnswer(answer, true); });
    connect(&d->inspector, &Inspector::traceFailed, this, [this](const QString& message) {
        if (d->mustRequest) return;
        d->forgetTrace();
        d->traceError = message;
        emit traceChanged();
    });
}

Comparison& Focus::comparison() const {
    return *d->comparison;
}

Run* Focus::run() const {
    return d->run;
}

void Focus::setRun(Run* run) {
    // A run that was destroyed has already left its pointer.
    if (d->run == run && (run || !d->checkpoint)) return;
    for (const auto& connection : d->connections) disconnect(connection);
    d->connections.clear();
    d->handRests.stop();
    if (d->run && !d->live) d->run->dropWeightsRequest();
    const Run* before = d->run;
    d->run = run;
    d->live = true;
    d->checkpoint.reset();
    d->headChanges.clear();
    d->forgetTrace();
    d->mustRequest = true;
    if (run) {
        d->connections = {connect(run, &Run::latestChanged, this, &Focus::update), connect(run, &Run::stateChanged, this, &Focus::update),
                          connect(run, &Run::wasReset, this, &Focus::followLive),
                          connect(run, &Run::weightsReady, this, &Focus::takeRecomputed),
                          connect(run, &QObject::destroyed, this, [this] { setRun(nullptr); })};
        if (!d->keepOwnInput(before)) d->takeSample(std::max(d->sampleIndex, 0));
    } else {
        d->input = {};
        d->sampleIndex = -1;
    }
    d->clampSelection();
    emit runChanged();
    emit inputChanged();
    emit selectionChanged();
    emit traceChanged();
    emit answerChanged();
    update();
}

bool Focus::live() const {
    return d->live;
}

void Focus::followLive() {
    const bool changed = !d->live;
    d->live = true;
    d->handRests.stop();
    if (changed && d->run) d->run->dropWeightsRequest();
    const CheckpointPtr before = d->checkpoint;
    update();
    if (changed && before == d->checkpoint) emit stepChanged();
}

void Focus::showStep(std::int64_t step) {
    if (!d->run) return;
    const History& history = d->run->history();
    step = std::clamp(step, history.checkpoints().front()->step, d->run->step());
    if (!d->live && d->wantedStep == step) return;
    CheckpointPtr nearest = history.atOrBefore(step);
    for (const CheckpointPtr& known : {d->checkpoint, d->run->latest()})
        if (known->step <= step && known->step > nearest->step) nearest = known;
    show(step, nearest);
    if (nearest->step != step) d->handRests.start();
}

void Focus::showKeptStep(std::int64_t step) {
    if (!d->run) return;
    CheckpointPtr nearest = d->run->history().atOrBefore(step);
    if (!nearest) nearest = d->run->history().checkpoints().front();
    if (!d->live && nearest == d->checkpoint && d->wantedStep == nearest->step) return;
    show(nearest->step, nearest);
}

void Focus::show(std::int64_t wanted, CheckpointPtr checkpoint) {
    if (d->handRests.isActive())
        d->handRests.stop();
    else if (!d->live && d->wantedStep != d->checkpoint->step)
        d->run->dropWeightsRequest();
    d->live = false;
    d->run->standAside();
    d->wantedStep = wanted;
    d->checkpoint = std::move(checkpoint);
    emit stepChanged();
    update();
}

void Focus::takeRecomputed(const CheckpointPtr& checkpoint) {
    if (d->live || checkpoint->step != d->wantedStep || d->checkpoint->step == checkpoint->step) return;
    d->checkpoint = checkpoint;
    emit stepChanged();
    update();
}

std::int64_t Focus::wantedStep() const {
    return d->live || !d->run ? shownStep() : d->wantedStep;
}

std::int64_t Focus::shownStep() const {
    return d->checkpoint ? d->checkpoint->step : 0;
}
CheckpointPtr Focus::checkpoint() const {
    return d->checkpoint;
}
const Input& Focus::input() const {
    return d->input;
}

void Focus::setInput(const Input& plain) {
    const Input input = d->withHeadChanges(plain);
    if (d->sampleIndex < 0 && input == d->input) return;
    d->input = input;
    d->sampleIndex = -1;
    inputReplaced();
}

void Focus::setHeadChanges(std::vector<Intervention> changes) {
    if (changes == d->headChanges) return;
    d->headChanges = std::move(changes);
    d->input = d->withHeadChanges(d->input);
    inputReplaced();
}

const std::vector<Intervention>& Focus::headChanges() const {
    return d->headChanges;
}

void Focus::showSample(int index) {
    if (!d->run) return;
    d->takeSample(index);
    inputReplaced();
}

void Focus::inputReplaced() {
    d->forgetTrace();
    d->mustRequest = true;
    const Selection before = d->selection;
    d->clampSelection();
    emit inputChanged();
    if (before != d->selection) emit selectionChanged();
    update();
}

int Focus::sampleIndex() const {
    return d->sampleIndex;
}

int Focus::sampleCount() const {
    if (!d->run) return 0;
    const Dataset& data = *d->run->dataset();
    return data.validationSize() > 0 ? data.validationSize() : data.trainSize();
}

bool Focus::sampleIsValidation() const {
    return d->isValidation;
}
std::shared_ptr<const Trace> Focus::trace() const {
    return d->trace;
}
std::int64_t Focus::traceStep() const {
    return d->traceStep;
}
QString Focus::traceError() const {
    return d->traceError;
}
const std::vector<int>& Focus::answer() const {
    return d->answer;
}
bool Focus::answersTrace() const {
    return d->requestedAnswer && d->requestedAnswer->step == d->traceStep;
}
bool Focus::answering() const {
    return d->answering;
}
const Selection& Focus::selection() const {
    return d->selection;
}

void Focus::select(const Selection& selection) {
    d->chosen = true;
    suggest(selection);
}

void Focus::suggest(const Selection& selection) {
    const Selection before = d->selection;
    d->selection = selection;
    d->clampSelection();
    if (before != d->selection) emit selectionChanged();
}

void Focus::setWantsGradients(bool wanted, const void* who) {
    const bool before = !d->wantGradients.empty();
    if (wanted)
        d->wantGradients.insert(who);
    else
        d->wantGradients.erase(who);
    if (before == d->wantGradients.empty()) update();
}

/// Follows the run while live, and asks for the trace of what is shown now if it is not under way. The hand is answered at once; a run in
/// training is looked at as often as its traces and answers leave it its speed.
void Focus::update() {
    if (!d->run) return;
    if (d->live && d->checkpoint != d->run->latest()) {
        d->checkpoint = d->run->latest();
        emit stepChanged();
        if (!d->run) return;
    }
    const bool gradients = !d->wantGradients.empty() && !d->input.targets.empty();
    const bool sameQuestion = !d->mustRequest && gradients == d->requestedGradients;
    const bool inHaste = sameQuestion && d->live && d->run->state() == Run::State::training;
    const bool seen = sameQuestion && d->checkpoint == d->requested;
    if (seen && (inHaste || d->checkpoint == d->requestedAnswer)) return;
    if (const qint64 wait = inHaste ? d->traceWait() : 0; wait > 0) {
        if (!d->later.isActive()) d->later.start(std::min(std::chrono::milliseconds(wait), budget::longestTraceWait));
        return;
    }
    d->later.stop();
    d->mustRequest = false;
    d->requestedGradients = gradients;
    d->request(!inHaste || d->answerIsDue());
}

}  // namespace lab
