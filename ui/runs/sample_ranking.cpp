#include "ui/runs/sample_ranking.h"

#include <algorithm>

#include "core/config/model_config.h"
#include "core/data/dataset.h"
#include "core/model/sample_input.h"
#include "core/runs/budget.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"

namespace lab {
namespace {

using Ranking = std::vector<SampleRanking::Ranked>;

/// What the model says where something is asked.
void judgeClasses(SampleRanking::Ranked& ranked, const Trace& trace, const Sample& sample) {
    const std::vector<int> said = predictions(trace);
    for (std::size_t i = 0; i < std::min(said.size(), sample.targets.size()); ++i) {
        if (sample.targets[i] < 0) continue;
        ranked.said = said[i];
        ranked.truth = sample.targets[i];
        ++ranked.asked;
        ranked.right += ranked.said == ranked.truth ? 1 : 0;
    }
}

Ranking rankingOf(const RankingQuestion& question, const Worker::Context& context) {
    const Dataset& data = *question.dataset;
    const int count = std::min(question.validation ? data.validationSize() : data.trainSize(), SampleRanking::mostSamples);
    const ModelConfig& model = question.model->config();
    const bool classesOfVectors = model.readsVectors() && !model.answersNumbers();
    TraceMemory memory;
    Ranking ranking;
    for (int i = 0; i < count && !context.cancelled(); ++i) {
        const Sample sample = question.validation ? data.validationSample(i) : data.trainSample(i);
        const Trace trace = question.model->trace(question.checkpoint->weights, inputOf(sample), {.intermediates = false}, memory);
        const Tensor* loss = trace.find("loss");
        if (!loss || loss->values.empty()) continue;
        ranking.push_back({.index = i, .loss = static_cast<double>(loss->values.front())});
        if (classesOfVectors) judgeClasses(ranking.back(), trace, sample);
    }
    std::ranges::stable_sort(ranking, std::ranges::greater(), &SampleRanking::Ranked::loss);
    return ranking;
}

}  // namespace

class SampleRanking::Private {
public:
    RankingQuestion asked, question;  ///< the newest; the one that `ranking` answers
    Ranking ranking;
    GuiPost post;
    Worker worker{post.poster()};  // ends first
};

SampleRanking::SampleRanking(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {}
SampleRanking::~SampleRanking() = default;

void SampleRanking::ask(const RankingQuestion& question) {
    if (question == d->asked) return;
    d->asked = question;
    const auto work = [this, question](Worker::Context& context) {
        Ranking found = rankingOf(question, context);
        if (context.cancelled()) return;
        context.tell([this, question, found = std::move(found)] {
            d->question = question;
            d->ranking = found;
            emit answered();
        });
    };
    d->worker.follow(work, [this](const Message&) { d->asked = {}; });  // samples that the model cannot take; it may be asked again
}

const std::vector<SampleRanking::Ranked>& SampleRanking::ranked() const {
    return d->ranking;
}

const RankingQuestion& SampleRanking::answeredQuestion() const {
    return d->question;
}

void SampleRanking::forget() {
    d->worker.cancel();
    d->asked = d->question = {};
    d->ranking.clear();
}

void SampleRanking::setThrifty(bool thrifty) {
    d->worker.setRest(thrifty ? budget::restPerWork : 0);
}

bool SampleRanking::ready() const {
    return d->asked == d->question;
}

}  // namespace lab
