#include "ui/widgets/export_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/error_strip.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

const QString folderKey = QStringLiteral("export/folder");
constexpr int scales[] = {1, 2, 3, 4};
constexpr int firstScale = 1;  // twofold
constexpr int panelWidth = 460;

QString startFolder() {
    for (const QString& folder :
         {QSettings().value(folderKey).toString(), QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)})
        if (QFileInfo(folder).isDir()) return folder;
    return QDir::homePath();
}

std::vector<std::int64_t> stepsOf(const FilmSource& source) {
    std::vector<std::int64_t> steps;
    for (int i = 0; i < source.count(); ++i) steps.push_back(source.stepOf(i));
    return steps;
}

std::filesystem::path pathOf(const QString& text) {
    return pathFromUtf8(QDir::fromNativeSeparators(text).toStdString());
}

}  // namespace

QString fileNameOf(const QString& text) {
    QString name;
    for (QChar c : text.toLower())
        if (c.isLetterOrNumber())
            name += c;
        else if (!name.isEmpty() && !name.endsWith(QLatin1Char('-')))
            name += QLatin1Char('-');
    while (name.endsWith(QLatin1Char('-'))) name.chop(1);
    return name.isEmpty() ? QStringLiteral("picture") : name;
}

ExportPanel::ExportPanel(Offers offers, QWidget* parent) : QDialog(parent), m_offersSource(std::move(offers)), m_folder(startFolder()) {
    setWindowTitle(tr("Export"));
    m_picture = named(".picture", new QComboBox);
    m_format = named(".format", new SegmentedControl({tr("SVG"), tr("PDF"), tr("PNG"), tr("CSV"), tr("Frames"), tr("Film")}, tr("Format")));
    const QString help[] = {tr("Vector picture with text as text, for documents and the web"),
                            tr("Vector picture with text as text, for papers"),
                            tr("Pixels"),
                            tr("The numbers of the picture"),
                            withTerm(tr("A folder of PNG files, one for each kept step of the training"), QStringLiteral("film")),
                            withTerm(tr("One moving file through kept steps of the training"), QStringLiteral("film"))};
    for (int i = 0; i < 6; ++i) m_format->setChoiceToolTip(i, help[i]);
    m_scale = named(".scale", new SegmentedControl({tr("1×"), tr("2×"), tr("3×"), tr("4×")}, tr("Scale")));
    m_scale->setCurrent(firstScale);
    m_width = named(".width", new SegmentedControl({tr("As on screen"), tr("One column"), tr("Two columns")}, tr("Width")));
    for (const FigureWidth width : {FigureWidth::oneColumn, FigureWidth::twoColumns})
        m_width->setChoiceToolTip(static_cast<int>(width),
                                  tr("%1 mm wide, letters of 8 pt: as it stands on a printed page").arg(FigureSheet{width}.millimetres()));
    m_words = named(".words", new QCheckBox(tr("with title and caption")));
    m_words->setChecked(true);
    m_dark = named(".dark", new QCheckBox(tr("in the dark theme's colours")));
    makeFilmFields();
    m_path = named(".path", new QLineEdit);
    m_browse = named(".browse", new Button(tr("Browse…")));
    m_save = named(".save", new Button(tr("Save")));
    m_save->setDefault(true);
    m_save->setWidthFor({tr("Save"), tr("Stop")});
    m_copyPicture = named(".copy_picture", new Button(tr("Copy picture")));
    m_copyTable = named(".copy_numbers", new Button(tr("Copy numbers")));
    m_copyTable->setToolTip(tr("As a table that spreadsheets take"));
    m_strip = named(".problem", new ErrorStrip);
    m_said = new ThemedLabel(QString(), TextSize::text, Role::muted);
    m_said->setWordWrap(true);
    arrange();
    connectParts();
    applyMeasures();
    clearMessages();
}

ExportPanel::~ExportPanel() = default;

void ExportPanel::makeFilmFields() {
    QStringList names;
    for (const FilmFormatSpec& file : filmFiles()) names << shown(file.name);
    m_filmFile = named(".film", new SegmentedControl(names, tr("Film as")));
    for (std::size_t i = 0; i < filmFiles().size(); ++i) m_filmFile->setChoiceToolTip(static_cast<int>(i), shown(filmFiles()[i].help));
    m_filmSteps = new QWidget;
    auto* row = new QHBoxLayout(m_filmSteps);
    row->setContentsMargins(0, 0, 0, 0);
    const auto spin = [&](const char* id, const QString& before, const QString& name) {
        auto* field = named(id, new QSpinBox);
        field->setAccessibleName(name);
        row->addWidget(new ThemedLabel(before));
        row->addWidget(field, 1);
        connect(field, &QSpinBox::valueChanged, this, [this] { m_cutEdited = true; });
        return field;
    };
    m_from = spin(".film_from", tr("from"), tr("First step of the film"));
    m_to = spin(".film_to", tr("to"), tr("Last step of the film"));
    m_pictures = spin(".film_pictures", tr("pictures"), tr("Pictures of the film at most"));
    m_seconds = named(".film_seconds", new RealBox);
    m_seconds->setAccessibleName(tr("Seconds of the film, without the rest at its end"));
    m_seconds->setRange(0.1, 600.0);
    m_seconds->setDecimals(1);
    m_seconds->setToolTip(tr("Without the two seconds that the last picture stands"));
    connect(m_seconds, &QDoubleSpinBox::valueChanged, this, [this] { m_cutEdited = true; });
}

void ExportPanel::arrange() {
    auto* column = new QVBoxLayout(this);
    m_form = new QFormLayout;
    m_form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->addRow(tr("Picture"), m_picture);
    m_form->addRow(tr("Format"), m_format);
    m_form->addRow(tr("Film as"), m_filmFile);
    m_form->addRow(tr("Steps"), m_filmSteps);
    m_form->addRow(tr("Seconds"), m_seconds);
    m_form->addRow(tr("Scale"), m_scale);
    m_form->addRow(tr("Width"), m_width);
    m_form->addRow(tr("Words"), m_words);
    m_form->addRow(tr("Colours"), m_dark);
    auto* file = new QHBoxLayout;
    file->addWidget(m_path, 1);
    file->addWidget(m_browse);
    m_form->addRow(tr("File"), file);
    if (auto* label = qobject_cast<QLabel*>(m_form->labelForField(file))) label->setBuddy(m_path);
    m_path->setAccessibleName(tr("File"));
    m_dark->setAccessibleName(tr("In the dark theme's colours"));
    m_words->setAccessibleName(tr("With title and caption"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_copyPicture);
    buttons->addWidget(m_copyTable);
    buttons->addStretch();
    buttons->addWidget(m_save);
    column->addLayout(m_form);
    column->addWidget(m_strip);
    column->addWidget(m_said);
    column->addLayout(buttons);
}

void ExportPanel::applyMeasures() {
    const Theme& theme = Theme::instance();
    const int margin = theme.px(16);
    layout()->setContentsMargins(margin, margin, margin, margin);
    layout()->setSpacing(theme.px(12));
    m_form->setSpacing(theme.px(8));
    setMinimumWidth(theme.px(panelWidth));
}

void ExportPanel::connectParts() {
    whenThemed(this, &ExportPanel::applyMeasures);
    connect(m_picture, &QComboBox::currentIndexChanged, this, &ExportPanel::follow);
    connect(m_picture, &QComboBox::activated, this, &ExportPanel::clearMessages);
    connect(m_format, &SegmentedControl::chosen, this, [this] {
        clearMessages();
        follow();
        adaptPath();
    });
    connect(m_filmFile, &SegmentedControl::chosen, this, [this] {
        clearMessages();
        follow();
        adaptPath();
    });
    connect(m_path, &QLineEdit::textEdited, this, [this] { m_pathEdited = true; });
    connect(m_path, &QLineEdit::textChanged, this, &ExportPanel::pathChanged);
    connect(m_browse, &Button::clicked, this, &ExportPanel::browse);
    connect(m_save, &Button::clicked, this, &ExportPanel::save);
    connect(m_copyPicture, &Button::clicked, this, &ExportPanel::copyPicture);
    connect(m_copyTable, &Button::clicked, this, &ExportPanel::copyTable);
    for (Button* button : {m_browse, m_copyPicture, m_copyTable}) button->setAutoDefault(false);
}

void ExportPanel::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    sync();
}

void ExportPanel::sync() {
    m_offers = m_offersSource();
    QStringList names;
    for (const FigureOffer& offer : m_offers) names << offer.name;
    QStringList shown;
    for (int i = 0; i < m_picture->count(); ++i) shown << m_picture->itemText(i);
    if (names != shown) {
        const QString kept = m_picture->currentText();
        const QSignalBlocker quiet(m_picture);
        m_picture->clear();
        m_picture->addItems(names);
        m_picture->setCurrentIndex(std::max<int>(0, static_cast<int>(names.indexOf(kept))));
    }
    follow();
}

void ExportPanel::follow() {
    const FigureOffer* shown = offer();
    const bool film = choice() == Choice::frames || choice() == Choice::film;
    const bool pixels = choice() == Choice::png || film;
    const QString why = tr("This picture does not change with the step");
    for (int i : {4, 5}) m_format->setChoiceEnabled(i, shown && shown->makeFilm, why);
    for (int i = 0; i < 4; ++i) m_scale->setChoiceEnabled(i, pixels, tr("SVG and PDF are sharp at every size"));
    const bool numbers = choice() == Choice::csv;
    for (QCheckBox* box : {m_dark, m_words}) box->setEnabled(!numbers);
    for (int i = 0; i < static_cast<int>(std::size(figureWidths)); ++i) m_width->setChoiceEnabled(i, !numbers, tr("Numbers have no width"));
    for (Button* button : {m_copyPicture, m_copyTable}) button->setEnabled(shown && !m_film);
    m_save->setEnabled(shown && (!film || shown->makeFilm));
    m_save->setText(m_film ? tr("Stop") : tr("Save"));
    for (QWidget* part :
         {static_cast<QWidget*>(m_picture), static_cast<QWidget*>(m_format), static_cast<QWidget*>(m_path), static_cast<QWidget*>(m_browse),
          static_cast<QWidget*>(m_filmFile), m_filmSteps, static_cast<QWidget*>(m_seconds)})
        part->setEnabled(!m_film);
    const QString nothing = tr("There is nothing to draw yet.");
    if (!shown)
        say(nothing);
    else if (m_said->text() == nothing)
        say({});
    if (m_film) return;
    followFilm();
    suggestPath();
}

/// Until the person says otherwise a film is of all kept steps.
void ExportPanel::followFilm() {
    const bool film = choice() == Choice::film, moves = film || choice() == Choice::frames;
    for (QWidget* row : {static_cast<QWidget*>(m_filmFile), static_cast<QWidget*>(m_seconds)}) m_form->setRowVisible(row, film);
    m_form->setRowVisible(m_filmSteps, moves);
    for (std::size_t i = 0; i < filmFiles().size(); ++i)
        m_filmFile->setChoiceEnabled(static_cast<int>(i), filmFiles()[i].available(), shown(filmFiles()[i].missing));
    const auto source = moves && offer() && offer()->makeFilm ? offer()->makeFilm() : nullptr;
    const std::vector<std::int64_t> steps = source ? stepsOf(*source) : std::vector<std::int64_t>();
    if (steps.empty()) return;
    const auto limit = [](std::int64_t step) { return static_cast<int>(std::min<std::int64_t>(step, std::numeric_limits<int>::max())); };
    const QSignalBlocker one(m_from), two(m_to), three(m_pictures), four(m_seconds);
    for (QSpinBox* field : {m_from, m_to}) field->setRange(limit(steps.front()), limit(steps.back()));
    m_pictures->setRange(1, static_cast<int>(steps.size()));
    if (m_cutEdited) return;
    m_from->setValue(m_from->minimum());
    m_to->setValue(m_to->maximum());
    m_pictures->setValue(m_pictures->maximum());
    m_seconds->setValue(usualSeconds(m_pictures->value()));
}

FilmFormat ExportPanel::filmFormat() const {
    return choice() == Choice::frames ? FilmFormat::frames : filmFiles()[static_cast<std::size_t>(m_filmFile->current())].format;
}

void ExportPanel::setFilm(FilmFormat format) {
    for (std::size_t i = 0; i < filmFiles().size(); ++i)
        if (filmFiles()[i].format == format) m_filmFile->setCurrent(static_cast<int>(i));
    follow();
    adaptPath();
}

void ExportPanel::setFilmCut(int from, int to, int pictures, double seconds) {
    m_from->setValue(from);
    m_to->setValue(to);
    m_pictures->setValue(pictures);
    m_seconds->setValue(seconds);
    m_cutEdited = true;
}

void ExportPanel::suggestPath() {
    const FigureOffer* shown = offer();
    if (m_pathEdited || !shown) return;
    m_path->setText(QDir::toNativeSeparators(QDir(m_folder).filePath(shown->fileName + suffix())));
}

/// The person's own name with the suffix of the chosen format.
void ExportPanel::adaptPath() {
    const QFileInfo file(QDir::fromNativeSeparators(m_path->text().trimmed()));
    if (!m_pathEdited || file.fileName().isEmpty()) return;
    const bool ofFilm = std::ranges::any_of(
        filmFiles(), [&](const FilmFormatSpec& each) { return file.fileName().endsWith(QLatin1String(each.suffix), Qt::CaseInsensitive); });
    const QString name = figureFormatOf(file.fileName()) || ofFilm ? file.completeBaseName() : file.fileName();
    m_folder = file.path();
    m_path->setText(QDir::toNativeSeparators(QDir(m_folder).filePath(name + suffix())));
}

void ExportPanel::browse() {
    auto* dialog = new QFileDialog(this, tr("Export as"), m_path->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite);  // asked when saving
    if (!suffix().isEmpty()) dialog->setDefaultSuffix(suffix().mid(1));
    connect(dialog, &QFileDialog::fileSelected, this, &ExportPanel::setPath);
    dialog->open();
}

QString ExportPanel::path() const {
    return m_path->text();
}

void ExportPanel::setPath(const QString& path) {
    m_pathEdited = true;
    m_path->setText(QDir::toNativeSeparators(path));
}

void ExportPanel::choose(int offer, Choice choice) {
    clearMessages();
    m_picture->setCurrentIndex(offer);
    m_format->setCurrent(static_cast<int>(choice));
    follow();
    adaptPath();
}

ExportPanel::Choice ExportPanel::choice() const {
    return static_cast<Choice>(m_format->current());
}

QString ExportPanel::suffix() const {
    switch (choice()) {
        case Choice::svg:
            return QStringLiteral(".svg");
        case Choice::pdf:
            return QStringLiteral(".pdf");
        case Choice::png:
            return QStringLiteral(".png");
        case Choice::csv:
            return QStringLiteral(".csv");
        case Choice::frames:
        case Choice::film:
            break;
    }
    return QString::fromLatin1(lab::filmFormat(filmFormat()).suffix);
}

FigureStyle ExportPanel::style() const {
    return {static_cast<double>(scales[m_scale->current()]),
            m_dark->isChecked(),
            {static_cast<FigureWidth>(m_width->current()), m_words->isChecked()}};
}

const FigureOffer* ExportPanel::offer() const {
    const int index = m_picture->currentIndex();
    return index >= 0 && index < static_cast<int>(m_offers.size()) ? &m_offers[static_cast<std::size_t>(index)] : nullptr;
}

QString ExportPanel::result() const {
    return m_said->text();
}

void ExportPanel::say(const QString& text) {
    m_said->setText(text);
    m_said->setVisible(!text.isEmpty());
    fitHeight();
}

void ExportPanel::fail(const QString& what, const QString& why) {
    say({});
    m_problemText = why;
    m_strip->clearActions();
    m_strip->setTexts(what, why);
    m_strip->show();
    fitHeight();
}

void ExportPanel::clearMessages() {
    m_problemText.clear();
    m_strip->hide();
    say({});
    fitHeight();
}

/// A name that follows the step while a run trains leaves what was saved to be read; what is offered for a name goes with it.
void ExportPanel::pathChanged() {
    if (m_pathEdited || !m_strip->isHidden()) clearMessages();
}

/// As high as what it says needs, once that is laid out.
void ExportPanel::fitHeight() {
    QMetaObject::invokeMethod(
        this, [this] { resize(width(), std::max(minimumHeight(), layout()->totalHeightForWidth(width()))); }, Qt::QueuedConnection);
}

/// What throws InputError becomes a sentence in the strip.
template <class Do>
bool ExportPanel::tried(const QString& what, Do action) {
    clearMessages();
    try {
        action();
        return true;
    } catch (const InputError& error) {
        fail(what, shown(messageOf(error)));
    } catch (const std::bad_alloc&) {
        fail(what, ExportPanel::tr("There is not enough memory; choose a smaller scale."));
    }
    return false;
}

void ExportPanel::save() {
    if (m_film) {
        stopFilm();
        say(tr("Stopped."));
        return;
    }
    sync();
    if (!offer()) return;
    adaptPath();
    const QFileInfo file(m_path->text());
    const bool there = choice() == Choice::frames ? file.isDir() && !QDir(file.filePath()).isEmpty() : file.exists();
    if (!there) {
        write();
        return;
    }
    const bool folder = file.isDir();
    fail(folder ? tr("The folder is there already") : tr("The file is there already"),
         folder && choice() != Choice::frames ? tr("%1 is a folder: choose another name.").arg(m_path->text())
                                              : tr("%1 stays as it is unless you replace it.").arg(m_path->text()));
    if (!folder || choice() == Choice::frames) connect(m_strip->addAction(tr("Replace")), &Button::clicked, this, &ExportPanel::write);
}

void ExportPanel::write() {
    if (!offer()) return;
    QSettings().setValue(folderKey, QFileInfo(m_path->text()).absolutePath());
    if (choice() == Choice::frames || choice() == Choice::film) {
        film();
        return;
    }
    const bool written = tried(tr("The picture was not saved"), [this] {
        const auto figure = offer()->make();
        if (!figure) throw InputError(LAB_TEXT("figures", "There is nothing to draw yet."));
        writeFigure(pathOf(m_path->text()), *figure, static_cast<FigureFormat>(choice()), style());
    });
    if (written) say(tr("Saved %1").arg(m_path->text()));
}

void ExportPanel::film() {
    clearMessages();
    auto source = offer()->makeFilm ? offer()->makeFilm() : nullptr;
    if (!source) {
        fail(tr("The film was not saved"), tr("There is nothing to draw any more."));
        return;
    }
    FilmCut cut{chosenFrames(stepsOf(*source), m_from->value(), m_to->value(), m_pictures->value()), m_seconds->value()};
    if (cut.frames.empty()) {
        fail(tr("The film was not saved"), tr("No step is kept between these two."));
        return;
    }
    m_film = std::make_unique<FilmExport>(std::move(source), filmFormat(), pathOf(m_path->text()), style(), std::move(cut));
    connect(m_film.get(), &FilmExport::progressed, this,
            [this](int done, int count) { say(counted(LAB_PLURAL("figures", "%1 of %n step(s) drawn"), count, {QString::number(done)})); });
    connect(m_film.get(), &FilmExport::finished, this, [this](int count) {
        stopFilm();
        say(counted(LAB_PLURAL("figures", "Saved %1: %n step(s)"), count, {m_path->text()}));
    });
    connect(m_film.get(), &FilmExport::failed, this, [this](const QString& why) {
        stopFilm();
        fail(tr("The film was not saved to its end"), why);
    });
    follow();
    m_film->start();
}

void ExportPanel::stopFilm() {
    if (!m_film) return;
    // It may be the one that is speaking.
    disconnect(m_film.get(), nullptr, this, nullptr);
    m_film.release()->deleteLater();
    follow();
}

void ExportPanel::copyPicture() {
    sync();
    if (!offer()) return;
    const bool copied = tried(tr("The picture was not copied"), [this] {
        const auto figure = offer()->make();
        const QImage image = figure ? figureImage(*figure, style()) : QImage();
        if (image.isNull()) throw InputError(LAB_TEXT("figures", "The picture would be too large; choose a smaller scale."));
        auto* content = new QMimeData;
        content->setImageData(image);
        content->setData(QStringLiteral("image/svg+xml"), figureBytes(*figure, FigureFormat::svg, style()));
        QApplication::clipboard()->setMimeData(content);
    });
    if (copied) say(tr("The picture is in the clipboard."));
}

void ExportPanel::copyTable() {
    sync();
    if (!offer()) return;
    const bool copied = tried(tr("The numbers were not copied"), [this] {
        const auto figure = offer()->make();
        if (!figure) throw InputError(LAB_TEXT("figures", "There is nothing to draw yet."));
        const FigureTable table = figure->table();
        auto* content = new QMimeData;
        content->setText(QString::fromStdString(tabText(table)));
        content->setData(QStringLiteral("text/csv"), QByteArray::fromStdString(csvText(table)));
        QApplication::clipboard()->setMimeData(content);
    });
    if (copied) say(tr("The numbers are in the clipboard."));
}

void ExportPanel::reject() {
    stopFilm();
    m_pathEdited = false;
    QDialog::reject();
}

}  // namespace lab
