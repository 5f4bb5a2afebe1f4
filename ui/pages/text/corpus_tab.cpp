#include "ui/pages/text/corpus_tab.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QShortcut>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/pages/text/change_view.h"
#include "ui/pages/text/cleaning_table.h"
#include "ui/pages/text/corpus_counts.h"
#include "ui/pages/text/corpus_documents.h"
#include "ui/pages/text/paste_dialog.h"
#include "ui/pages/text/trained_text.h"
#include "ui/pages/text/zipf_panel.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/notice_strip.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int leftShare = 376, middleShare = 432, rightShare = 340;

}  // namespace

CorpusTab::CorpusTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    makeControls();
    m_problem = named("text.corpus.problem", new ErrorStrip);
    m_problem->hide();
    m_progress = named("text.corpus.progress", new NoticeStrip);
    Button* stop = m_progress->addAction(tr("Cancel"));
    connect(stop, &QPushButton::clicked, &m_draft, &CorpusDraft::cancel);
    m_progress->hide();
    m_note = named("text.corpus.note", new NoticeStrip);
    m_note->hide();
    m_absence =
        named("text.corpus.empty", new EmptyState(tr("No text is open"),
                                                  tr("Open a text file, or several, to see what is in it, to clean it and to train on it."),
                                                  tr("Open text...")));
    m_desk = makeDesk();
    m_column->addWidget(m_problem);
    m_column->addWidget(m_progress);
    m_column->addWidget(m_note);
    m_column->addWidget(m_absence, 1);
    m_column->addWidget(m_desk, 1);
    connect(m_absence, &EmptyState::activated, this, &CorpusTab::askForFiles);
    connect(&m_draft, &CorpusDraft::changed, this, &CorpusTab::showDraft);
    connect(new QShortcut(Qt::Key_F3, this), &QShortcut::activated, this, &CorpusTab::nextPlace);
    followTheme(this, &CorpusTab::applyMeasures);
    showDraft();
}

void CorpusTab::makeControls() {
    m_controls = new QWidget;
    auto* row = new QHBoxLayout(m_controls);
    row->setContentsMargins(0, 0, 0, 0);
    m_add = named("text.corpus.add", new Button(tr("Add files...")));
    m_add->setToolTip(tr("More files of text, packed with gzip too"));
    m_paste = named("text.corpus.paste", new Button(tr("Paste text...")));
    m_use = named("text.corpus.use", new Button(tr("Use for a new run")));
    for (Button* each : {m_add, m_paste, m_use}) row->addWidget(each);
    connect(m_add, &QPushButton::clicked, this, &CorpusTab::askForFiles);
    connect(m_paste, &QPushButton::clicked, this, &CorpusTab::askForText);
    connect(m_use, &QPushButton::clicked, this, &CorpusTab::use);
}

QWidget* CorpusTab::makeDesk() {
    auto* desk = new QWidget;
    m_columns = new QHBoxLayout(desk);
    m_columns->setContentsMargins(0, 0, 0, 0);
    m_documents = new CorpusDocuments;
    m_zipf = new ZipfPanel;
    m_counts = new CorpusCounts;
    m_middle = new QVBoxLayout;
    m_middle->addWidget(m_zipf, 11);
    m_middle->addWidget(makeRules(), 9);
    m_columns->addWidget(m_documents, leftShare);
    m_columns->addLayout(m_middle, middleShare);
    m_columns->addWidget(m_counts, rightShare);
    connect(m_zipf, &ZipfPanel::wordChosen, m_documents, &CorpusDocuments::find);
    return desk;
}

QWidget* CorpusTab::makeRules() {
    m_rulePanel = new PanelFrame(tr("Cleaning report"));
    m_cut = named("text.corpus.cut", new SegmentedControl({tr("blank lines"), tr("files")}, tr("Documents are cut at")));
    m_cut->setHeight(20);
    m_cut->setToolTip(tr("Where a document ends: at blank lines, or with its file"));
    m_rulePanel->addControl(m_cut);
    m_rules = named("text.corpus.rules", new CleaningTable);
    m_rulePanel->setContent(m_rules);
    connect(m_rules, &CleaningTable::ruleSwitched, this,
            [this](std::size_t rule, bool on) { m_draft.setRule(CleaningRule::table()[rule].name, on); });
    connect(m_rules, &DataTable::rowChosen, this, [this](std::size_t rule) { m_documents->goToNextPlace(static_cast<int>(rule)); });
    connect(m_cut, &SegmentedControl::chosen, this, [this](int choice) {
        CorpusSettings settings = m_draft.settings();
        settings.documentsAreFiles = choice == 1;
        m_draft.setSettings(settings);
    });
    return m_rulePanel;
}

void CorpusTab::applyMeasures() {
    const Theme& theme = Theme::instance();
    for (QLayout* each :
         {static_cast<QLayout*>(m_column), static_cast<QLayout*>(m_columns), static_cast<QLayout*>(m_middle), m_controls->layout()})
        each->setSpacing(theme.px(panelGap));
}

void CorpusTab::refresh() {
    followRun();
    if (m_draft.view() != m_shown) showDraft();
}

/// Another run's text comes by itself; what the person opened or changed stays while no other run of a text is looked at.
void CorpusTab::followRun() {
    const Run* run = focus().run();
    const auto text = run ? trainedText(*run) : std::nullopt;
    if (!text || run->dataset() == m_trainedOn) return;
    m_trainedOn = run->dataset();
    m_draft.showTrained(text->corpus, text->paths, text->settings);
}

void CorpusTab::open(const QStringList& paths) {
    m_draft.open(paths, m_draft.settings());
}

void CorpusTab::add(const QStringList& paths) {
    m_draft.add(paths);
}

void CorpusTab::paste(const QString& text) {
    if (!text.trimmed().isEmpty()) m_draft.addText(tr("pasted text"), text);
}

void CorpusTab::askForFiles() {
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Open text"), {},
        tr("Texts (%1)").arg(QStringLiteral("*.txt *.md *.gz")) + QStringLiteral(";;") + tr("All files (%1)").arg(QStringLiteral("*")));
    if (paths.isEmpty()) return;
    if (m_shown)
        add(paths);
    else
        open(paths);
}

void CorpusTab::askForText() {
    auto* dialog = new PasteDialog(this);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { paste(dialog->text()); });
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

/// A run names files: what was typed becomes one.
void CorpusTab::use() {
    try {
        m_draft.keepTyped(pathFromUtf8(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation).toStdString()) / "texts");
    } catch (const std::exception& error) {
        m_problem->setTexts(tr("The typed text could not be kept"), shown(messageOf(error)));
        m_problem->clearActions();
        m_problem->show();
        return;
    }
    emit textWanted(m_draft.paths(), m_draft.settings());
}

QString CorpusTab::name() const {
    if (!m_shown) return tr("No text");
    QStringList names;
    if (m_shown->texts)
        for (const RawText& text : *m_shown->texts) names << QFileInfo(QString::fromStdString(text.name)).fileName();
    else
        for (const QString& path : m_draft.paths()) names << QFileInfo(path).fileName();
    constexpr qsizetype most = 3;
    if (names.size() > most) names = names.first(most) << QStringLiteral("\u2026");
    return names.join(QStringLiteral(", "));
}

TabHeading CorpusTab::heading() const {
    if (!m_shown) return {tr("Corpus")};
    const std::int64_t documents = m_shown->statistics.documents;
    return {name(), counted(LAB_PLURAL("corpus", "%1 document(s)"), documents, {grouped(documents)})};
}

void CorpusTab::showDraft() {
    m_progress->setVisible(m_draft.busy());
    m_progress->setTexts(tr("Reading and cleaning: %1").arg(percent(m_draft.share(), 0)));
    m_note->setVisible(!m_draft.busy() && !m_draft.note().isEmpty());
    m_note->setTexts(m_draft.note());
    showProblem();
    const std::shared_ptr<const CorpusView>& view = m_draft.view();
    m_rules->setDraft(m_draft.settings(), view);
    m_cut->setCurrent(m_draft.settings().documentsAreFiles ? 1 : 0);
    m_use->setEnabled(view && (!m_draft.paths().isEmpty() || m_draft.hasTyped()) && !m_draft.busy());
    m_use->setToolTip(m_draft.hasTyped()
                          ? tr("The next run is trained on this text, which is kept in a file so that the run can find it again")
                          : tr("The next run is trained on these files with these rules; runs that exist keep theirs"));
    m_absence->setVisible(!view);
    m_desk->setVisible(view != nullptr);
    if (view == m_shown) return;
    m_shown = view;
    m_documents->setView(view);
    m_zipf->setView(view);
    m_counts->setView(view);
    const std::int64_t places = view ? view->corpus.report.places() : 0;
    m_rulePanel->setSubtitle(counted(LAB_PLURAL("corpus", "%1 place(s)"), places, {grouped(places)}));
    emit changed();
}

void CorpusTab::showProblem() {
    m_problem->setVisible(!m_draft.problem().isEmpty());
    if (m_draft.problem().isEmpty()) return;
    m_problem->setTexts(tr("The text could not be prepared"), m_draft.problem());
    m_problem->clearActions();
    if (!m_draft.offersLatin1()) return;
    Button* latin1 = named("text.corpus.latin1", m_problem->addAction(tr("Read as Latin-1")));
    connect(latin1, &QPushButton::clicked, this, [this] { m_draft.setRule("latin1", true); });
}

void CorpusTab::nextPlace() {
    const auto rule = m_rules->chosen();
    m_documents->goToNextPlace(rule ? static_cast<int>(*rule) : -1);
}

bool CorpusTab::escape() {
    if (!m_draft.busy()) return false;
    m_draft.cancel();
    return true;
}

FigureSubject CorpusTab::subject() const {
    return {name()};
}

std::vector<FigureOffer> CorpusTab::figures() {
    if (!m_shown) return {};
    std::vector<FigureOffer> offers = partOffers(*m_desk, subject());
    for (FigureOffer& offer : m_counts->figures(subject())) offers.push_back(std::move(offer));
    for (FigureOffer& offer : m_documents->figures(subject())) offers.push_back(std::move(offer));
    offers.push_back(tableOffer(tr("Cleaning report"), *m_rules, tr("What each rule of cleaning changed"), subject()));
    for (FigureOffer& offer : offers) offer.still = true;
    return offers;
}

PageTab* makeCorpusTab(Focus& focus, QWidget* parent) {
    return new CorpusTab(focus, parent);
}

}  // namespace lab
