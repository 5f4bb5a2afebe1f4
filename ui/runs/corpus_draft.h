#pragma once

#include <QObject>
#include <QStringList>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/runs/worker.h"
#include "core/text/corpus.h"
#include "core/text/near_duplicates.h"
#include "core/text/text_statistics.h"
#include "ui/runs/gui_post.h"

namespace lab {

/// A text as it is looked at: what was read, by which settings, and what came of it.
struct CorpusView {
    std::shared_ptr<const std::vector<RawText>> texts;  ///< null: only what came of them is there
    CorpusSettings settings;
    Corpus corpus;
    TextStatistics statistics;
    std::vector<NearDuplicate> near;
};

/// Texts that were opened to be looked at and prepared: read, cleaned and counted on a thread of its own. Other settings count anew and
/// keep the raw text; the latest wish wins, and what is shown stays until the next is there.
class CorpusDraft : public QObject {
    Q_OBJECT

public:
    explicit CorpusDraft(QObject* parent = nullptr);

    /// The text that a run is trained on. Where its files are no longer what they were, the run's own copy is shown, and said so.
    void showTrained(std::shared_ptr<const Corpus> corpus, const QStringList& paths, const CorpusSettings& settings);
    /// Files and folders in place of what there is, or besides.
    void open(const QStringList& paths, const CorpusSettings& settings);
    void add(const QStringList& paths);
    /// A text that was typed or pasted.
    void addText(const QString& name, const QString& text);
    void setSettings(const CorpusSettings& settings);
    void setRule(std::string_view rule, bool on);
    /// Leaves off what is under way; what is shown stays.
    void cancel();

    /// As wished, also while it is still counted.
    const CorpusSettings& settings() const { return m_settings; }
    const QStringList& paths() const { return m_paths; }
    /// Some of it was typed or pasted and lies in no file.
    bool hasTyped() const { return !m_typed.empty(); }
    /// Writes what was typed into files of `folder`, which are among paths() from then on. Throws InputError.
    void keepTyped(const std::filesystem::path& folder);
    /// The newest that is there; null: none yet.
    const std::shared_ptr<const CorpusView>& view() const { return m_view; }
    bool busy() const { return m_busy; }
    double share() const { return m_share; }              ///< of what is under way
    const QString& problem() const { return m_problem; }  ///< why the last wish failed; empty: it did not
    /// What is to be known of what is shown; empty: nothing.
    const QString& note() const { return m_note; }
    /// It failed since a text is not UTF-8, which the rule latin1 would read.
    bool offersLatin1() const { return m_offersLatin1; }

signals:
    /// Anything of the above.
    void changed();

private:
    using Work = std::function<void(Worker::Context&, const std::function<void(double)>& progress)>;
    void start(Work work);
    void count();
    bool isUnread() const;
    void forgetUnread();
    void take(std::shared_ptr<const CorpusView> view, const QString& note = {});
    void fail(const QString& why, bool latin1);

    CorpusSettings m_settings;
    QStringList m_paths;
    QStringList m_unread, m_shownPaths;  ///< of m_paths those that are not in m_texts yet; those of the view
    std::vector<RawText> m_unreadTyped;  ///< likewise not in m_texts yet
    std::vector<RawText> m_typed, m_shownTyped;
    std::shared_ptr<const std::vector<RawText>> m_texts;  ///< read, whether or not they could be cleaned
    std::shared_ptr<const CorpusView> m_view;
    bool m_busy = false, m_offersLatin1 = false;
    double m_share = 0;
    QString m_problem, m_note;
    int m_number = 0;  ///< of the newest wish
    GuiPost m_post;
    Worker m_worker{m_post.poster()};  ///< ends first
};

}  // namespace lab
