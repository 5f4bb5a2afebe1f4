#include "ui/runs/writing_desk.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/runs/budget.h"
#include "core/runs/worker.h"
#include "ui/runs/gui_post.h"
#include "ui/runs/run.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

using Clock = std::chrono::steady_clock;

/// What each token adds to the text.
std::vector<std::string> textsOf(const Tokenizer& tokenizer, const std::vector<int>& tokens) {
    TextStream stream(tokenizer, {});
    std::vector<std::string> texts;
    for (const int token : tokens) texts.push_back(stream.push(token));
    return texts;
}

TextWriter writerOf(const WritingQuestion& question) {
    return TextWriter(question.model, question.checkpoint->weights, question.tokenizer, question.prompt, question.options);
}

/// Whether two questions differ in the moment of the training alone.
bool sameButForTheStep(WritingQuestion a, const WritingQuestion& b) {
    a.checkpoint = b.checkpoint;
    return a == b;
}

}  // namespace

std::shared_ptr<const Tokenizer> tokenizerOf(const Run& run) {
    return {run.dataset(), &run.dataset()->tokenizer()};
}

WritingQuestion questionOf(const Run& run, CheckpointPtr checkpoint, const QString& prompt) {
    WritingQuestion question{run.model(), std::move(checkpoint), tokenizerOf(run), prompt.toStdString()};
    question.options.opening = openingOf(run.experiment().task, run.dataset()->tokenizer());
    return question;
}

class WritingDesk::Private {
public:
    explicit Private(WritingDesk* desk) : q(desk) {}

    void ask() {
        total = 0;
        const auto work = [this, wanted = question](Worker::Context& context) { write(wanted, context); };
        worker.request(work, [this](const Message& message) {
            problem = shown(message);
            written.clear();
            running = false;
            emit q->changed();
        });
    }

    // GUI thread
    WritingQuestion question;
    bool asked = false, running = false;
    std::vector<int> prompt;
    std::vector<std::string> promptTexts;
    std::vector<WrittenToken> written;
    std::size_t total = 0;  ///< of `written` those of the present question
    QString problem;
    double tokensPerSecond = 0;
    std::size_t cacheBytes = 0;
    int window = 0;

private:
    /// On the worker's thread.
    void write(const WritingQuestion& wanted, Worker::Context& context) {
        TextWriter writer = writerOf(wanted);
        context.tell([this, tokens = writer.tokens(), texts = textsOf(*wanted.tokenizer, writer.tokens()), reads = writer.window()] {
            prompt = tokens;
            promptTexts = texts;
            window = reads;
            problem.clear();
        });
        std::vector<WrittenToken> news;
        const Clock::time_point begin = Clock::now();
        Clock::time_point told = begin;
        std::size_t count = 0;
        while (auto token = context.cancelled() ? std::nullopt : writer.next()) {
            news.push_back(std::move(*token));
            ++count;
            if (Clock::now() - told < budget::frame) continue;
            tell(std::exchange(news, {}), context);
            told = Clock::now();
        }
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        tell(std::move(news), context);
        context.tell([this, count, seconds, bytes = writer.cacheBytes()] {
            written.resize(total);
            running = false;
            tokensPerSecond = count > 0 && seconds > 0 ? static_cast<double>(count) / seconds : 0;
            cacheBytes = bytes;
            emit q->changed();
        });
    }

    void tell(std::vector<WrittenToken> news, Worker::Context& context) {
        context.tell([this, news = std::move(news)]() mutable {
            for (WrittenToken& token : news) {
                if (total < written.size())
                    written[total] = std::move(token);
                else
                    written.push_back(std::move(token));
                ++total;
            }
            emit q->changed();
        });
    }

    WritingDesk* q;
    GuiPost m_post;

public:
    Worker worker{m_post.poster()};  // ends first
};

WritingDesk::WritingDesk(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
WritingDesk::~WritingDesk() = default;

void WritingDesk::ask(WritingQuestion question) {
    if (d->asked && question == d->question) return;
    d->question = std::move(question);
    d->asked = d->running = true;
    d->ask();
    emit changed();
}

void WritingDesk::stop() {
    if (!d->running) return;
    d->worker.cancel();
    d->written.resize(std::max(d->total, std::min(d->written.size(), d->question.options.given.size())));
    d->running = d->asked = false;
    emit changed();
}

void WritingDesk::forget() {
    d->worker.cancel();
    d->asked = d->running = false;
    d->prompt.clear();
    d->promptTexts.clear();
    d->written.clear();
    d->problem.clear();
    emit changed();
}

const std::vector<int>& WritingDesk::prompt() const {
    return d->prompt;
}

const std::vector<std::string>& WritingDesk::promptTexts() const {
    return d->promptTexts;
}

const std::vector<WrittenToken>& WritingDesk::written() const {
    return d->written;
}

std::size_t WritingDesk::fresh() const {
    return d->running ? std::min(d->total, d->written.size()) : d->written.size();
}

bool WritingDesk::busy() const {
    return d->running;
}

const QString& WritingDesk::problem() const {
    return d->problem;
}

double WritingDesk::tokensPerSecond() const {
    return d->tokensPerSecond;
}

std::size_t WritingDesk::cacheBytes() const {
    return d->cacheBytes;
}

int WritingDesk::window() const {
    return d->window;
}

class SampleLog::Private {
public:
    explicit Private(SampleLog* log) : q(log) {}

    /// `sameText`: only the moments are others; a list in work is then finished, so that news of a training do not starve it.
    void ask(bool sameText) {
        const auto work = [this, wanted = question, list = moments](Worker::Context& context) { write(wanted, list, context); };
        const auto failed = [this, list = moments](const Message&) { finish(list); };
        sameText ? worker.follow(work, failed) : worker.request(work, failed);
    }

    // GUI thread
    WritingQuestion question;
    std::vector<CheckpointPtr> moments;
    std::vector<SampleOfStep> samples;
    bool running = false;

private:
    void finish(const std::vector<CheckpointPtr>& list) {
        running = list != moments;
        emit q->changed();
    }

    /// On the worker's thread.
    void write(const WritingQuestion& wanted, const std::vector<CheckpointPtr>& list, Worker::Context& context) {
        if (!sameButForTheStep(m_known.first, wanted)) m_known = {wanted, {}};
        std::vector<SampleOfStep>& known = m_known.second;
        std::erase_if(known, [&](const SampleOfStep& sample) { return std::ranges::find(list, sample.checkpoint) == list.end(); });
        for (const CheckpointPtr& moment : list) {
            if (std::ranges::find(known, moment, &SampleOfStep::checkpoint) == known.end()) {
                const auto text = textAt(wanted, moment, context);
                if (!text) return;
                known.push_back({moment, *text});
            }
            context.progress([this, known, list] { take(known, list); }, moment == list.back());
        }
        context.tell([this, list] { finish(list); });
    }

    std::optional<QString> textAt(WritingQuestion wanted, const CheckpointPtr& moment, Worker::Context& context) const {
        wanted.checkpoint = moment;
        wanted.options.candidates = 0;
        TextWriter writer = writerOf(wanted);
        std::string text;
        while (auto token = writer.next()) {
            if (context.cancelled()) return std::nullopt;
            text += token->released;
        }
        return QString::fromStdString(text + writer.rest());
    }

    void take(const std::vector<SampleOfStep>& known, const std::vector<CheckpointPtr>& list) {
        samples.clear();
        for (const CheckpointPtr& moment : list)
            if (const auto found = std::ranges::find(known, moment, &SampleOfStep::checkpoint); found != known.end())
                samples.push_back(*found);
        emit q->changed();
    }

    SampleLog* q;
    GuiPost m_post;
    std::pair<WritingQuestion, std::vector<SampleOfStep>> m_known;  ///< the worker's

public:
    Worker worker{m_post.poster(), Worker::Priority::givesWay};  // ends first
};

SampleLog::SampleLog(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}
SampleLog::~SampleLog() = default;

void SampleLog::ask(const WritingQuestion& question, std::vector<CheckpointPtr> moments) {
    const bool sameText = sameButForTheStep(d->question, question);
    if (sameText && moments == d->moments) return;
    if (!sameText) d->samples.clear();
    d->question = question;
    d->moments = std::move(moments);
    d->running = true;
    d->ask(sameText);
}

const std::vector<SampleOfStep>& SampleLog::samples() const {
    return d->samples;
}

bool SampleLog::ready() const {
    return !d->running;
}

void SampleLog::setThrifty(bool thrifty) {
    d->worker.setRest(thrifty ? budget::restPerWork : 0);
}

}  // namespace lab
