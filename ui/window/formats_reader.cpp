#include "ui/window/formats_reader.h"

#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>
#include <QScreen>
#include <QScrollBar>
#include <QTextBrowser>
#include <QTextTable>

#include "ui/text/language.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr QSize wantedSize(1040, 720);  // logical px at 100 %
constexpr double formatsReaderShareOfScreen = 0.9;
constexpr int sectionsWidth = 240;

/// Shares of the width, in per cent, by the number of columns: keys, values, defaults and meanings; names, shapes and meanings.
std::vector<double> columnShares(int columns) {
    if (columns == 4) return {27, 21, 12, 40};
    if (columns == 3) return {40, 25, 35};
    return columns == 2 ? std::vector<double>{32, 68} : std::vector<double>();
}

/// The page in the language in use, else in English.
QString pageText() {
    const QString own = QStringLiteral(":/help/formats.%1.md").arg(language());
    QFile page(QFile::exists(own) ? own : QStringLiteral(":/help/formats.md"));
    if (!page.open(QIODevice::ReadOnly)) return {};
    // Comments mark what tests/write_formats.sh generates.
    static const QRegularExpression comment(QStringLiteral("<!--[^>]*-->\\n"));
    return QString::fromUtf8(page.readAll()).remove(comment);
}

/// Every frame of the document, tables with a hairline under each row.
void styleTables(QTextFrame* frame) {
    const Theme& theme = Theme::instance();
    for (QTextFrame* child : frame->childFrames()) {
        if (auto* table = qobject_cast<QTextTable*>(child)) {
            QTextTableFormat format = table->format();
            format.setBorder(1);
            format.setBorderCollapse(true);
            format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
            format.setBorderBrush(theme.color(Role::hairline));
            format.setCellPadding(theme.px(4));
            format.setCellSpacing(0);
            format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
            QList<QTextLength> widths;
            for (const double share : columnShares(table->columns())) widths << QTextLength(QTextLength::PercentageLength, share);
            format.setColumnWidthConstraints(widths);
            table->setFormat(format);
        }
        styleTables(child);
    }
}

}  // namespace

FormatsReader::FormatsReader(QWidget* parent)
    : QDialog(parent),
      m_sections(named("formats.reader.sections", new QListWidget)),
      m_text(named("formats.reader.text", new QTextBrowser)),
      m_search(named("formats.reader.search", new QLineEdit)) {
    setWindowTitle(tr("Formats and commands"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_sections->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_sections->setTextElideMode(Qt::ElideRight);
    m_sections->setFrameShape(QFrame::NoFrame);
    m_sections->setAccessibleName(tr("Sections"));
    m_text->setAccessibleName(tr("Formats and commands"));
    m_search->setPlaceholderText(tr("Find a key, a tensor, an option"));
    m_search->setAccessibleName(tr("Find"));
    m_search->setClearButtonEnabled(true);
    arrange();
    write();
    whenThemed(this, &FormatsReader::write);
    connect(m_sections, &QListWidget::currentRowChanged, this, &FormatsReader::goTo);
    connect(m_search, &QLineEdit::returnPressed, this, &FormatsReader::findNext);
    connect(m_search, &QLineEdit::textChanged, this, [this] {
        QTextCursor start = m_text->textCursor();
        start.setPosition(start.selectionStart());
        m_text->setTextCursor(start);
        findNext();
    });
    m_search->setFocus();
}

void FormatsReader::arrange() {
    const Theme& theme = Theme::instance();
    auto* close = named("formats.reader.close", new Button(tr("Close")));
    close->setAutoDefault(false);
    connect(close, &Button::clicked, this, &QDialog::accept);
    auto* left = new QVBoxLayout;
    left->setSpacing(theme.px(8));
    left->addWidget(m_search);
    left->addWidget(m_sections, 1);
    m_search->setFixedWidth(theme.px(sectionsWidth));
    m_sections->setFixedWidth(theme.px(sectionsWidth));
    auto* middle = new QHBoxLayout;
    middle->setSpacing(theme.px(12));
    middle->addLayout(left);
    middle->addWidget(m_text, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    layout->addLayout(middle, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
    resize((wantedSize * theme.scale()).boundedTo(screen()->availableSize() * formatsReaderShareOfScreen));
}

/// In the theme's present colours and sizes.
void FormatsReader::write() {
    const int place = m_text->verticalScrollBar()->value();
    m_text->document()->setDefaultFont(Theme::instance().font(TextSize::text));
    m_text->setMarkdown(pageText());
    style();
    listSections();
    m_text->verticalScrollBar()->setValue(place);
}

void FormatsReader::style() {
    const Theme& theme = Theme::instance();
    QTextDocument& document = *m_text->document();
    document.setDocumentMargin(theme.px(12));
    styleTables(document.rootFrame());
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        const int level = block.blockFormat().headingLevel();
        QTextCursor cursor(block);
        QTextBlockFormat space = block.blockFormat();
        if (level == 0) {
            const bool inTable = cursor.currentTable(), code = space.nonBreakableLines();
            space.setNonBreakableLines(false);
            const bool codeGoesOn = code && block.next().blockFormat().nonBreakableLines();
            if (!inTable && !codeGoesOn) space.setBottomMargin(theme.px(6));
            if (code) space.setLeftMargin(theme.px(12));
            cursor.setBlockFormat(space);
            continue;
        }
        space.setTopMargin(theme.px(level == 3 ? 12 : 20));
        space.setBottomMargin(theme.px(6));
        cursor.setBlockFormat(space);
        cursor.select(QTextCursor::BlockUnderCursor);
        QTextCharFormat letters;
        letters.setFont(theme.font(level == 3 ? TextSize::token : TextSize::meter, true));
        cursor.mergeCharFormat(letters);
    }
    m_text->moveCursor(QTextCursor::Start);
}

void FormatsReader::listSections() {
    const QSignalBlocker quiet(m_sections);
    m_sections->clear();
    for (QTextBlock block = m_text->document()->begin(); block.isValid(); block = block.next()) {
        const int level = block.blockFormat().headingLevel();
        if (level != 2 && level != 3) continue;
        auto* item = new QListWidgetItem((level == 3 ? QStringLiteral("    ") : QString()) + block.text(), m_sections);
        item->setData(Qt::UserRole, block.position());
        item->setToolTip(block.text());
        item->setFont(Theme::instance().font(TextSize::text, level == 2));
    }
}

void FormatsReader::goTo(int section) {
    const QListWidgetItem* item = m_sections->item(section);
    if (!item) return;
    QTextCursor cursor(m_text->document());
    cursor.setPosition(item->data(Qt::UserRole).toInt());
    m_text->moveCursor(QTextCursor::End);  // so that the heading comes to stand at the top
    m_text->setTextCursor(cursor);
    m_text->ensureCursorVisible();
    m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->value() + m_text->cursorRect().top() - Theme::instance().px(12));
}

/// From the place on, then from the beginning.
void FormatsReader::findNext() {
    const QString wanted = m_search->text();
    bool found = wanted.isEmpty() || m_text->find(wanted);
    if (!found) {
        const QTextCursor before = m_text->textCursor();
        m_text->moveCursor(QTextCursor::Start);
        found = m_text->find(wanted);
        if (!found) m_text->setTextCursor(before);
    }
    m_search->setToolTip(found ? QString() : tr("The page does not say \u201C%1\u201D").arg(wanted));
    QPalette colors;
    if (!found) colors.setColor(QPalette::Text, Theme::instance().color(Role::wrong));
    m_search->setPalette(colors);
}

}  // namespace lab
