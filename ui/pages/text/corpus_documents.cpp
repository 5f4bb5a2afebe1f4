#include "ui/pages/text/corpus_documents.h"

#include <QLineEdit>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/pages/text/change_view.h"
#include "ui/pages/text/document_table.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int findWidth = 84;   // logical px at 100 %
constexpr int findDelay = 200;  // ms

}  // namespace

CorpusDocuments::CorpusDocuments(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(makeList(), 1);
    layout->addWidget(makeDocument(), 1);
    m_findSoon = new QTimer(this);
    m_findSoon->setSingleShot(true);
    m_findSoon->setInterval(findDelay);
    connect(m_findSoon, &QTimer::timeout, this, &CorpusDocuments::listDocuments);
    connect(m_find, &QLineEdit::textChanged, m_findSoon, qOverload<>(&QTimer::start));
    connect(m_table, &DataTable::rowChosen, this, &CorpusDocuments::choose);
    connect(m_how, &SegmentedControl::chosen, this, &CorpusDocuments::showDocument);
    followTheme(this, &CorpusDocuments::applyMeasures);
}

QWidget* CorpusDocuments::makeList() {
    m_list = new PanelFrame(tr("Documents"), this);
    m_find = named("text.corpus.find", new QLineEdit);
    m_find->setAccessibleName(tr("Find in documents"));
    m_find->setPlaceholderText(tr("find"));
    m_find->setToolTip(tr("Lists the documents that hold these characters, capitals and small letters told apart"));
    m_find->setClearButtonEnabled(true);
    m_list->addControl(m_find);
    m_table = named("text.corpus.documents", new DocumentTable);
    m_list->setContent(m_table);
    return m_list;
}

QWidget* CorpusDocuments::makeDocument() {
    m_document = new PanelFrame(tr("Document"), this);
    m_how = named("text.corpus.how", new SegmentedControl({tr("changes"), tr("clean"), tr("raw")}, tr("Shown")));
    m_how->setHeight(20);
    m_how->setToolTip(tr("Struck: removed. Underlined: put in. A middle dot is a space."));
    m_document->addControl(m_how);
    m_change = named("text.corpus.change", new ChangeView);
    m_document->setContent(m_change);
    return m_document;
}

void CorpusDocuments::applyMeasures() {
    layout()->setSpacing(Theme::instance().px(panelGap));
    m_find->setFixedWidth(Theme::instance().px(findWidth));
}

void CorpusDocuments::setView(std::shared_ptr<const CorpusView> view) {
    m_view = std::move(view);
    m_table->setView(m_view);
    const std::size_t count = m_view ? m_view->corpus.documents.size() : 0;
    if (count == 0)
        m_chosen.reset();
    else
        m_chosen = std::min(m_chosen.value_or(0), count - 1);
    listDocuments();
    showDocument();
}

void CorpusDocuments::choose(std::size_t document) {
    if (!m_view || document >= m_view->corpus.documents.size()) return;
    m_chosen = document;
    m_table->setChosen(document);
    showDocument();
    emit documentChosen(document);
}

void CorpusDocuments::find(const QString& words) {
    m_find->setText(words);
    m_findSoon->stop();
    listDocuments();
}

void CorpusDocuments::listDocuments() {
    const QString wanted = m_find->text();
    const std::size_t all = m_view ? m_view->corpus.documents.size() : 0;
    m_change->mark(wanted);
    if (wanted.isEmpty()) {
        m_table->showAll(all, m_chosen);
        m_list->setSubtitle(m_view ? grouped(static_cast<std::int64_t>(all)) : QString());
        return;
    }
    const std::string words = wanted.toStdString();
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < all; ++i)
        if (textOf(i).find(words) != std::string::npos) rows.push_back(i);
    m_list->setSubtitle(tr("%1 of %2").arg(grouped(static_cast<std::int64_t>(rows.size())), grouped(static_cast<std::int64_t>(all))));
    const bool chosenHas = m_chosen && std::ranges::binary_search(rows, *m_chosen);
    const std::optional<std::size_t> first = rows.empty() ? std::nullopt : std::optional(rows.front());
    m_table->showRows(std::move(rows), chosenHas ? m_chosen : std::nullopt);
    if (!chosenHas && first) choose(*first);
}

std::string CorpusDocuments::textOf(std::size_t document) const {
    return m_view->corpus.textOf(m_view->corpus.documents[document]);
}

void CorpusDocuments::showDocument() {
    if (!m_view || !m_chosen) {
        m_document->setTitle(tr("Document"));
        m_document->setSubtitle({});
        m_change->setChange({}, ChangeView::Shows::clean);
        return;
    }
    m_document->setTitle(tr("Document %1").arg(*m_chosen));
    m_document->setNote({});
    const int characters = static_cast<int>(m_view->statistics.ofDocument[*m_chosen].characters);
    m_document->setSubtitle(counted(LAB_PLURAL("corpus", "%1 character(s)"), characters, {grouped(characters)}));
    m_change->setChange(m_view->texts ? changeOf(m_view->corpus, *m_view->texts, m_view->settings, *m_chosen, ChangeView::most)
                                      : DocumentChange{textOf(*m_chosen), textOf(*m_chosen), {}},
                        static_cast<ChangeView::Shows>(m_how->current()));
    m_change->mark(m_find->text());
}

bool CorpusDocuments::goToNextPlace(int rule) {
    const bool found = findNextPlace(rule);
    m_document->setNote(found || !m_chosen ? QString() : tr("no place near here"));
    return found;
}

bool CorpusDocuments::findNextPlace(int rule) {
    if (!m_view || !m_view->texts || !m_chosen) return false;
    if (m_how->current() != 0) {
        m_how->setCurrent(0);
        showDocument();
    }
    if (m_change->goToNextPlace(rule, false)) return true;
    constexpr std::size_t farthest = 400;
    const std::size_t count = m_view->corpus.documents.size();
    for (std::size_t step = 1; step <= std::min(farthest, count); ++step) {
        const std::size_t next = (*m_chosen + step) % count;
        const auto edits = changeOf(m_view->corpus, *m_view->texts, m_view->settings, next, ChangeView::most).edits;
        if (std::ranges::none_of(edits, [rule](const TextEdit& edit) { return rule < 0 || edit.rule == rule; })) continue;
        choose(next);
        return m_change->goToNextPlace(rule);
    }
    return false;
}

std::vector<FigureOffer> CorpusDocuments::figures(const FigureSubject& subject) const {
    if (!m_view) return {};
    return {tableOffer(tr("Documents"), *m_table, tr("The documents of the text"), subject)};
}

}  // namespace lab
