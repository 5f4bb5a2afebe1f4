#include "ui/runs/corpus_draft.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/path_list.h"
#include "core/text/typed_text.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr double nearlyTheSame = .9;

std::string joined(const QStringList& paths) {
    std::vector<std::string> all;
    for (const QString& path : paths) all.push_back(path.toStdString());
    return pathList(all);
}

bool hasOtherThanUtf8(const std::vector<RawText>& texts) {
    return std::ranges::any_of(texts, [](const RawText& text) { return firstInvalidByte(text.bytes) != std::string_view::npos; });
}

/// A share of the whole work; false once nobody wants it.
Watch watchOf(Worker::Context& context, double from, double to, const std::function<void(double)>& tell) {
    return [&context, from, to, tell](double share) {
        context.progress([tell, whole = from + (to - from) * share] { tell(whole); });
        return !context.cancelled();
    };
}

}  // namespace

CorpusDraft::CorpusDraft(QObject* parent) : QObject(parent) {}

void CorpusDraft::open(const QStringList& paths, const CorpusSettings& settings) {
    m_settings = settings;
    m_paths = m_unread = paths;
    m_typed.clear();
    m_unreadTyped.clear();
    m_texts.reset();
    count();
}

void CorpusDraft::add(const QStringList& paths) {
    m_paths += paths;
    m_unread += paths;
    count();
}

void CorpusDraft::addText(const QString& name, const QString& text) {
    m_typed.push_back({name.toStdString(), text.toStdString()});
    m_unreadTyped.push_back(m_typed.back());
    count();
}

void CorpusDraft::keepTyped(const std::filesystem::path& folder) {
    QStringList files;
    for (const RawText& text : m_typed) files << QString::fromStdString(utf8Text(keepTypedText(folder, text.bytes)));
    if (files.isEmpty()) return;
    m_paths += files;
    if (!m_busy) m_shownPaths = m_paths;
    m_typed.clear();
    m_shownTyped.clear();
    m_note = tr("What was typed is kept in %1, where a run finds it again.").arg(files.join(QStringLiteral(", ")));
    emit changed();
}

void CorpusDraft::setSettings(const CorpusSettings& settings) {
    if (m_settings == settings || (m_view && !m_texts && !isUnread())) return;  // without the raw text nothing can be counted anew
    m_settings = settings;
    if (m_texts || isUnread()) count();
}

void CorpusDraft::setRule(std::string_view rule, bool on) {
    CorpusSettings settings = m_settings;
    std::erase(settings.cleaning, rule);
    if (on) settings.cleaning.emplace_back(rule);
    settings.cleaning = CleaningRules(settings.cleaning).names();
    setSettings(settings);
}

void CorpusDraft::cancel() {
    ++m_number;
    m_worker.cancel();
    m_busy = false;
    if (m_view) m_settings = m_view->settings;
    forgetUnread();
    emit changed();
}

void CorpusDraft::start(Work work) {
    m_busy = true;
    m_share = 0;
    m_problem.clear();
    m_offersLatin1 = false;
    const int number = ++m_number;
    const auto progress = [this, number](double share) {
        if (number != m_number) return;
        m_share = share;
        emit changed();
    };
    m_worker.request([work = std::move(work), progress](Worker::Context& context) { work(context, progress); },
                     [this](const Message& why) { fail(shown(why), false); });
    emit changed();
}

bool CorpusDraft::isUnread() const {
    return !m_unread.isEmpty() || !m_unreadTyped.empty();
}

/// What was wished for and has not been read is wished for no more: what is shown is what there is.
void CorpusDraft::forgetUnread() {
    if (!isUnread()) return;
    m_unread.clear();
    m_unreadTyped.clear();
    m_paths = m_shownPaths;
    m_typed = m_shownTyped;
    m_texts = m_view ? m_view->texts : nullptr;
}

/// Of all that is wished for: texts that were read stay, the others are read.
void CorpusDraft::count() {
    start([=, this, known = m_texts, paths = m_unread, more = m_unreadTyped, settings = m_settings](Worker::Context& context,
                                                                                                    const auto& progress) {
        auto texts = known;
        const double read = paths.isEmpty() ? 0 : .3;
        try {
            if (!paths.isEmpty() || !more.empty()) {
                auto all = std::make_shared<std::vector<RawText>>(known ? *known : std::vector<RawText>());
                if (!paths.isEmpty())
                    std::ranges::move(readTexts(joined(paths), {}, watchOf(context, 0, read, progress)), std::back_inserter(*all));
                std::ranges::copy(more, std::back_inserter(*all));
                texts = all;
                context.tell([=, this] {
                    m_texts = texts;
                    m_unread.clear();
                    m_unreadTyped.clear();
                });
            }
            auto view = std::make_shared<CorpusView>();
            view->texts = texts;
            view->settings = settings;
            view->corpus = makeCorpus(*texts, settings, watchOf(context, read, .8, progress));
            view->statistics = textStatistics(view->corpus, watchOf(context, .8, .9, progress));
            view->near = nearDuplicates(view->corpus, nearlyTheSame, watchOf(context, .9, 1, progress));
            context.tell([=, this] { take(view); });
        } catch (const std::exception& error) {
            const bool latin1 = texts && !CleaningRules(settings.cleaning).isOn("latin1") && hasOtherThanUtf8(*texts);
            context.tell([=, this, why = messageOf(error)] { fail(shown(why), latin1); });
        }
    });
}

void CorpusDraft::showTrained(std::shared_ptr<const Corpus> corpus, const QStringList& paths, const CorpusSettings& settings) {
    m_settings = settings;
    m_paths = paths;
    m_unread.clear();
    m_typed.clear();
    m_unreadTyped.clear();
    m_texts.reset();
    start([=, this](Worker::Context& context, const auto& progress) {
        auto view = std::make_shared<CorpusView>();
        view->settings = settings;
        bool same = false;
        try {
            auto texts = std::make_shared<const std::vector<RawText>>(readTexts(joined(paths), {}, watchOf(context, 0, .3, progress)));
            view->corpus = makeCorpus(*texts, settings, watchOf(context, .3, .8, progress));
            same = view->corpus.rawHash == corpus->rawHash && view->corpus.cleanHash == corpus->cleanHash;
            view->texts = std::move(texts);
        } catch (const InputError&) {
            // Gone, or other than it was: below.
        }
        if (context.cancelled()) return;
        if (!same) {
            view->texts.reset();
            view->corpus = *corpus;
        }
        view->statistics = textStatistics(view->corpus, watchOf(context, .8, .9, progress));
        view->near = nearDuplicates(view->corpus, nearlyTheSame, watchOf(context, .9, 1, progress));
        context.tell([=, this] {
            m_texts = view->texts;
            take(view, same ? QString()
                            : tr("The files have changed or are gone: this is the text as the run keeps it, without what it was before."));
        });
    });
}

void CorpusDraft::take(std::shared_ptr<const CorpusView> view, const QString& note) {
    m_view = std::move(view);
    m_shownPaths = m_paths;
    m_shownTyped = m_typed;
    m_note = note;
    m_busy = false;
    m_share = 1;
    emit changed();
}

void CorpusDraft::fail(const QString& why, bool latin1) {
    m_busy = false;
    m_problem = why;
    forgetUnread();
    m_offersLatin1 = latin1;
    emit changed();
}

}  // namespace lab
