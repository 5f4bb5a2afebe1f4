#include "ui/forms/own_data_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScreen>
#include <QVBoxLayout>

#include "core/base/files.h"
#include "core/config/experiment.h"
#include "core/io/pairs_experiment.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int ownDialogWidth = 760, ownTableHeight = 190, leastTableHeight = 64, titleRoom = 40, ownRowHeight = 20;
constexpr std::size_t ownPreviewRows = 50;
constexpr qsizetype longestOwnCell = 200, widestOwnCell = 36;  // characters shown, and that a column makes room for
constexpr int ownPieces[] = {8, 16, 32, 64, 128, 256, 512};
constexpr int exampleParts = 3;
const QString experimentEnding = QStringLiteral(".json");

std::filesystem::path ownPath(const QString& text) {
    return pathFromUtf8(text.toStdString());
}

QString ownWords(const SourceText& text) {
    return shown(Message(text));
}

/// What is shown of it, in one line.
QString cellText(const std::vector<std::string>& cells, std::size_t column) {
    constexpr std::size_t bytes = 4 * longestOwnCell;  // that so many characters have at most
    return column < cells.size() ? QString::fromStdString(cells[column].substr(0, bytes)).left(longestOwnCell).simplified() : QString();
}

TableColumn lineColumn(const std::shared_ptr<const OwnTable>& table) {
    TableColumn column{"line", OwnDataDialog::tr("line"), OwnDataDialog::tr("Its number in the file")};
    column.upwards = true;
    column.cell = [table](std::size_t row) {
        return TableCell{row < table->rows.size() ? QString::number(table->rows[row].line) : QString(), Role::muted};
    };
    return column;
}

TableColumn ownColumn(const std::shared_ptr<const OwnTable>& table, std::size_t at) {
    TableColumn column{"column" + std::to_string(at), shown(table->nameOf(at))};
    column.side = Qt::AlignLeft;
    column.upwards = true;
    column.cell = [table, at](std::size_t row) {
        return TableCell{row < table->rows.size() ? cellText(table->rows[row].cells, at) : QString()};
    };
    column.toolTip = [cell = column.cell](std::size_t row) { return cell(row).text; };
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
        const QString text = cellText(table->rows[row].cells, at).left(widestOwnCell);
        if (text.size() > column.widest.size()) column.widest = text;
    }
    return column;
}

/// A place beside the file for what is made of it, or where that cannot be written, in the folder given.
QString suggestedBase(const QString& path, const QString& folder) {
    const QFileInfo file(path);
    const QString place = QFileInfo(file.absolutePath()).isWritable() ? file.absolutePath() : folder;
    const QString base = QDir(place).filePath(file.completeBaseName() + QStringLiteral("-pairs"));
    return QString::fromStdString(utf8Text(freeBase(ownPath(base))));
}

}  // namespace

OwnDataDialog::OwnDataDialog(const QString& path, const QString& folder, QWidget* parent)
    : QDialog(parent),
      m_file(QFileInfo(path).fileName().toStdString()),
      m_ending("." + QFileInfo(path).suffix().toStdString()),
      m_text(std::make_shared<const std::string>(readOwnText(ownPath(path)))) {
    setWindowTitle(tr("Own data: %1").arg(QString::fromStdString(m_file)));
    setObjectName(QStringLiteral("own data dialog"));
    arrange();
    m_path->setText(suggestedBase(path, folder) + experimentEnding);
    const OwnFormat format = guessedFormat(*m_text, m_ending);
    m_separator->setCurrent(static_cast<int>(std::ranges::find(ownSeparators, format.cells.separator) - ownSeparators));
    m_header->setChecked(format.header);
    m_quotes->setChecked(format.cells.quotes);
    showRows(readOwnTable(*m_text, m_file, format, ownPreviewRows));
    choosePlan(guessedPlan(*m_first));
    connect(m_separator, &SegmentedControl::chosen, this, &OwnDataDialog::read);
    for (QCheckBox* box : {m_header, m_quotes}) connect(box, &QCheckBox::toggled, this, &OwnDataDialog::read);
    connect(m_use, &SegmentedControl::chosen, this, &OwnDataDialog::showUse);
    connect(m_tokens, &SegmentedControl::chosen, this, &OwnDataDialog::check);
    for (QComboBox* box : {m_input, m_answer, m_piece}) connect(box, &QComboBox::activated, this, &OwnDataDialog::check);
    connect(m_open, &Button::clicked, this, [this] { make(true); });
    connect(m_save, &Button::clicked, this, [this] { make(false); });
    showUse();
}

OwnDataDialog::~OwnDataDialog() = default;

void OwnDataDialog::arrange() {
    const Theme& theme = Theme::instance();
    m_table = named("own.dialog.table", new DataTable(tr("First lines"), ownRowHeight));
    m_table->setMinimumHeight(theme.px(leastTableHeight));
    m_verdict = new ThemedLabel({}, TextSize::text, Role::text, true);
    m_verdict->setWordWrap(true);
    m_verdict->setMinimumHeight(theme.px(34));
    m_path = named("own.dialog.path", new QLineEdit);
    m_path->setToolTip(tr("The experiment; its pairs lie beside it, under the same name with .tsv"));
    auto* choose = named("own.dialog.browse", new Button(tr("Choose\u2026")));
    connect(choose, &Button::clicked, this, &OwnDataDialog::browse);
    auto* place = new QHBoxLayout;
    auto* placeLabel = new ThemedLabel(tr("Save &as"));
    placeLabel->setBuddy(m_path);
    place->addWidget(placeLabel);
    place->addWidget(m_path, 1);
    place->addWidget(choose);
    m_open = named("own.dialog.open", new Button(tr("Save and open")));
    m_open->setDefault(true);
    m_save = named("own.dialog.save", new Button(tr("Save only")));
    auto* cancel = named("own.dialog.cancel", new Button(tr("Cancel")));
    connect(cancel, &Button::clicked, this, &QDialog::reject);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    for (Button* button : {m_open, m_save, cancel}) buttons->addWidget(button);

    auto* column = new QVBoxLayout(this);
    column->addWidget(makeReading());
    column->addWidget(m_table, 1);
    column->addWidget(makeChoices());
    column->addWidget(m_verdict);
    column->addLayout(place);
    column->addLayout(buttons);
    const int wanted = minimumSizeHint().height() + theme.px(ownTableHeight - leastTableHeight);
    resize(theme.px(ownDialogWidth), std::min(wanted, screen()->availableGeometry().height() - theme.px(titleRoom)));
}

/// How the file is cut into cells.
QWidget* OwnDataDialog::makeReading() {
    m_separator =
        named("own.dialog.separator", new SegmentedControl({tr("TAB"), tr("semicolon"), tr("comma"), tr("nothing")}, tr("Between cells")));
    m_separator->setChoiceToolTip(3, tr("Each line is one text"));
    m_header = named("own.dialog.header", new QCheckBox(tr("The &first line names the columns")));
    m_quotes = named("own.dialog.quotes", new QCheckBox(tr("Cells may stand in \"&quotes\"")));
    auto* reading = new QWidget;
    auto* row = new QHBoxLayout(reading);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new ThemedLabel(tr("Between cells stands")));
    row->addWidget(m_separator);
    row->addStretch();
    row->addWidget(m_header);
    row->addWidget(m_quotes);
    return reading;
}

QWidget* OwnDataDialog::makeChoices() {
    QStringList uses;
    for (const OwnUse* use : OwnUse::table()) uses << ownWords(use->title);
    m_use = named("own.dialog.use", new SegmentedControl(uses, tr("What to do")));
    m_help = new ThemedLabel({}, TextSize::text, Role::muted);
    m_help->setWordWrap(true);
    m_input = named("own.dialog.input", new QComboBox);
    m_answer = named("own.dialog.answer", new QComboBox);
    m_tokens = named("own.dialog.tokens",
                     new SegmentedControl({tr("between blanks"), tr("words and signs"), tr("characters")}, tr("What a token is")));
    m_tokens->setChoiceToolTip(0, tr("Whatever stands between two blanks"));
    m_tokens->setChoiceToolTip(1, tr("Words, and each comma, dot or other sign by itself"));
    m_tokens->setChoiceToolTip(2, tr("Every character; a blank is \u2423, the end of a line \u23CE"));
    m_piece = named("own.dialog.piece", new QComboBox);
    for (const int length : ownPieces) m_piece->addItem(counted(LAB_PLURAL("assistant", "pieces of at most %n token(s)"), length), length);
    m_piece->setCurrentIndex(m_piece->findData(OwnPlan().piece));
    for (QComboBox* box : {m_input, m_answer}) box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto* choices = new QWidget;
    m_choices = new QFormLayout(choices);
    m_choices->setContentsMargins(0, 0, 0, 0);
    m_choices->addRow(tr("&What to do"), m_use);
    m_choices->addRow(QString(), m_help);
    m_choices->addRow(QStringLiteral(" "), m_input);
    m_choices->addRow(QStringLiteral(" "), m_answer);
    m_choices->addRow(tr("A &token is"), m_tokens);
    m_choices->addRow(tr("C&ut into"), m_piece);
    for (int part = 0; part < exampleParts; ++part) {
        m_example.push_back(new ElidedLabel({}, TextSize::text));
        m_choices->addRow(QStringLiteral(" "), m_example.back());
    }
    return choices;
}

OwnFormat OwnDataDialog::format() const {
    const char separator = ownSeparators[static_cast<std::size_t>(m_separator->current())];
    return {{separator, m_quotes->isChecked()}, m_header->isChecked()};
}

OwnPlan OwnDataDialog::plan() const {
    OwnPlan plan;
    plan.use = Kind<OwnUse>(*OwnUse::table()[static_cast<std::size_t>(m_use->current())]);
    plan.tokens = static_cast<OwnTokens>(m_tokens->current());
    plan.input = static_cast<std::size_t>(std::max(m_input->currentIndex(), 0));
    plan.answer = static_cast<std::size_t>(std::max(m_answer->currentIndex(), 0));
    plan.piece = m_piece->currentData().toInt();
    return plan;
}

void OwnDataDialog::choosePlan(const OwnPlan& plan) {
    m_use->setCurrent(static_cast<int>(plan.use.place()));
    m_tokens->setCurrent(static_cast<int>(plan.tokens));
    m_input->setCurrentIndex(static_cast<int>(plan.input));
    m_answer->setCurrentIndex(static_cast<int>(std::min<std::size_t>(plan.answer, static_cast<std::size_t>(m_answer->count()) - 1)));
}

/// The file is cut in another way.
void OwnDataDialog::read() {
    const std::size_t before = m_first->columns;
    showRows(readOwnTable(*m_text, m_file, format(), ownPreviewRows));
    if (m_first->columns != before) choosePlan(guessedPlan(*m_first));
    showUse();
}

void OwnDataDialog::showRows(OwnTable first) {
    m_first = std::make_shared<const OwnTable>(std::move(first));
    std::vector<TableColumn> columns{lineColumn(m_first)};
    for (std::size_t at = 0; at < m_first->columns; ++at) columns.push_back(ownColumn(m_first, at));
    m_table->setColumns(std::move(columns));
    m_table->showAll(m_first->rows.size(), std::nullopt);
    for (QComboBox* box : {m_input, m_answer}) {
        const int chosen = box->currentIndex();
        box->clear();
        for (std::size_t at = 0; at < std::max<std::size_t>(m_first->columns, 1); ++at) box->addItem(shown(m_first->nameOf(at)));
        box->setCurrentIndex(std::clamp(chosen, 0, box->count() - 1));
    }
}

void OwnDataDialog::showUse() {
    const OwnUse& use = *plan().use;
    m_help->setText(ownWords(use.help));
    const auto label = [&](QWidget* field, const QString& text) {
        auto* found = qobject_cast<QLabel*>(m_choices->labelForField(field));
        found->setText(text);
        found->setBuddy(field);
    };
    label(m_input, ownWords(use.inputTitle));
    m_input->setAccessibleName(ownWords(use.inputTitle));
    if (use.hasAnswer()) label(m_answer, ownWords(use.answerTitle));
    m_answer->setAccessibleName(use.hasAnswer() ? ownWords(use.answerTitle) : QString());
    for (const auto& [field, visible] : {std::pair(m_answer, use.hasAnswer()), std::pair(m_piece, use.cutsTexts)}) {
        field->setVisible(visible);
        m_choices->labelForField(field)->setVisible(visible);
    }
    check();
}

/// The whole file is read and made into pairs off the window's thread.
void OwnDataDialog::check() {
    m_ready.reset();
    for (Button* button : {m_open, m_save}) button->setEnabled(false);
    say(tr("Checking\u2026"), false);
    m_checker.request(
        [this, text = m_text, file = m_file, format = format(), plan = plan()]() -> LatestTask::Found {
            const auto pairs = std::make_shared<const OwnPairs>(ownPairs(readOwnTable(*text, file, format), plan));
            return [this, pairs] { take(pairs); };
        },
        [this](const QString& why) {
            showExample();
            say(why, true);
        });
}

void OwnDataDialog::take(const std::shared_ptr<const OwnPairs>& pairs) {
    m_ready = pairs;
    QStringList facts{counted(LAB_PLURAL("assistant", "%1 example(s)"), pairs->lines, {grouped(pairs->lines)}),
                      counted(LAB_PLURAL("assistant", "%1 token(s) in the vocabulary"), std::ssize(pairs->symbols),
                              {grouped(std::ssize(pairs->symbols))})};
    if (!pairs->classes.empty())
        facts << counted(LAB_PLURAL("assistant", "%1 different answer(s)"), std::ssize(pairs->classes),
                         {grouped(std::ssize(pairs->classes))});
    QString text = facts.join(QStringLiteral(" \u00B7 "));
    if (pairs->leftOut > 0)
        text +=
            QLatin1Char('\n') + counted(LAB_PLURAL("assistant", "%n text(s) of a single token left out: nothing follows"), pairs->leftOut);
    say(text, false);
    showExample();
    for (Button* button : {m_open, m_save}) button->setEnabled(true);
}

/// What the model reads and should say of the first line that was made.
void OwnDataDialog::showExample() {
    QStringList parts;
    if (m_ready) {
        const std::string_view text = m_ready->text;
        parts = QString::fromUtf8(text.substr(0, text.find('\n'))).split(QLatin1Char('\t'));
    }
    QStringList titles{tr("e.g. it reads"), tr("and should say")};
    if (parts.size() == exampleParts) titles.insert(1, tr("its decoder reads"));
    for (int i = 0; i < exampleParts; ++i) {
        const bool is = i < parts.size();
        m_example[static_cast<std::size_t>(i)]->setText(is ? parts[i].replace(QStringLiteral(" -1"), QStringLiteral(" \u2013"))
                                                           : QString());
        qobject_cast<QLabel*>(m_choices->labelForField(m_example[static_cast<std::size_t>(i)]))
            ->setText(is ? titles[i] : QStringLiteral(" "));
    }
}

void OwnDataDialog::say(const QString& text, bool wrong) {
    m_verdict->setText(text);
    m_verdict->setRole(wrong ? Role::wrong : Role::text);
}

QString OwnDataDialog::verdict() const {
    return m_verdict->text();
}

QString OwnDataDialog::example() const {
    QStringList parts;
    for (const ElidedLabel* label : m_example)
        if (!label->text().isEmpty()) parts << label->text();
    return parts.join(QLatin1Char('\n'));
}

void OwnDataDialog::browse() {
    // What is there already is not replaced: saving says so.
    QString path = QFileDialog::getSaveFileName(this, tr("Save as"), m_path->text(), tr("Experiment: the settings (*.json)"), nullptr,
                                                QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty()) return;
    if (!path.endsWith(experimentEnding)) path += experimentEnding;
    m_path->setText(path);
}

void OwnDataDialog::make(bool open) {
    if (!m_ready) return;
    QString path = m_path->text().trimmed();
    if (path.isEmpty()) return say(tr("Say where the experiment goes."), true);
    if (path.endsWith(experimentEnding)) path.chop(experimentEnding.size());
    const std::filesystem::path base = std::filesystem::absolute(ownPath(path));
    const PairsPaths paths = pairsPaths(base);
    Experiment experiment =
        experimentOfPairs(utf8Text(base.filename()), utf8Text(paths.pairs.filename()), m_ready->lines, m_ready->architecture);
    experiment.about = ownWords(plan().use->watch).toStdString();
    try {
        savePairs(base, m_ready->text, experiment);
    } catch (const InputError& error) {
        return say(shown(error), true);
    }
    emit made(QString::fromStdString(utf8Text(paths.experiment)), open);
    accept();
}

}  // namespace lab
