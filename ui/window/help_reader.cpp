#include "ui/window/help_reader.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QScreen>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTextDocument>
#include <QUrl>
#include <utility>

#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"
#include "ui/window/help_document.h"
#include "ui/window/help_pages.h"

namespace lab {
namespace {

constexpr QSize wantedSize(1040, 720);  // logical px at 100 %
constexpr double helpReaderShareOfScreen = 0.9;
constexpr int sectionsWidth = 240, textMargin = 12;

}  // namespace

HelpReader::HelpReader(const HelpPage& page, QWidget* parent)
    : QDialog(parent),
      m_page(&page),
      m_pages(named("help.reader.pages", new QComboBox)),
      m_sections(named("help.reader.sections", new QListWidget)),
      m_text(named("help.reader.text", new QTextBrowser)),
      m_search(named("help.reader.search", new QLineEdit)) {
    for (const HelpPage& each : helpPages()) m_pages->addItem(titleOf(each));
    m_pages->setAccessibleName(tr("Page"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // all of it wraps
    m_text->setSearchPaths({QStringLiteral(":/help")});
    m_sections->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_sections->setTextElideMode(Qt::ElideRight);
    m_sections->setFrameShape(QFrame::NoFrame);
    m_sections->setAccessibleName(tr("Sections"));
    m_search->setPlaceholderText(tr("Find a key, a tensor, an option"));
    m_search->setAccessibleName(tr("Find"));
    m_search->setClearButtonEnabled(true);
    arrange();
    write();
    whenThemed(this, &HelpReader::write);
    connect(m_pages, &QComboBox::activated, this, [this](int row) { setPage(helpPages()[static_cast<std::size_t>(row)]); });
    connect(m_text, &QTextBrowser::anchorClicked, this, &HelpReader::follow);
    connect(m_sections, &QListWidget::currentRowChanged, this, &HelpReader::goTo);
    connect(m_search, &QLineEdit::returnPressed, this, &HelpReader::findNext);
    connect(m_search, &QLineEdit::textChanged, this, [this] {
        QTextCursor start = m_text->textCursor();
        start.setPosition(start.selectionStart());
        m_text->setTextCursor(start);
        findNext();
    });
    m_search->setFocus();
}

void HelpReader::arrange() {
    const Theme& theme = Theme::instance();
    auto* close = named("help.reader.close", new Button(tr("Close")));
    close->setAutoDefault(false);
    connect(close, &Button::clicked, this, &QDialog::accept);
    auto* left = new QVBoxLayout;
    left->setSpacing(theme.px(8));
    left->addWidget(m_pages);
    left->addWidget(m_search);
    left->addWidget(m_sections, 1);
    for (QWidget* each : {static_cast<QWidget*>(m_pages), static_cast<QWidget*>(m_search), static_cast<QWidget*>(m_sections)})
        each->setFixedWidth(theme.px(sectionsWidth));
    auto* middle = new QHBoxLayout;
    middle->setSpacing(theme.px(12));
    middle->addLayout(left);
    middle->addWidget(m_text, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    layout->addLayout(middle, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
    resize((wantedSize * theme.scale()).boundedTo(screen()->availableSize() * helpReaderShareOfScreen));
    layout->activate();  // what is written goes by its width
}

/// Where it was left.
void HelpReader::setPage(const HelpPage& page) {
    if (m_page == &page) return;
    m_places[m_page] = m_text->verticalScrollBar()->value();
    m_page = &page;
    write();
    m_text->verticalScrollBar()->setValue(m_places[m_page]);
}

/// In the theme's present colours and sizes.
void HelpReader::write() {
    const int place = m_text->verticalScrollBar()->value();
    setWindowTitle(titleOf(*m_page));
    m_text->setAccessibleName(titleOf(*m_page));
    m_pages->setCurrentIndex(static_cast<int>(m_page - helpPages().data()));
    auto* document = new QTextDocument(m_text);  // written apart: one that is shown would be laid out anew with every line
    setHelp(*document, helpText(*m_page), pictureWidth());
    document->setDocumentMargin(Theme::instance().px(textMargin));
    m_text->setDocument(document);
    delete std::exchange(m_document, document);
    m_text->moveCursor(QTextCursor::Start);
    listSections();
    m_text->verticalScrollBar()->setValue(place);
}

void HelpReader::resizeEvent(QResizeEvent* event) {
    QDialog::resizeEvent(event);
    fitPictures(*m_text->document(), pictureWidth());
}

double HelpReader::pictureWidth() const {
    return m_text->width() - m_text->verticalScrollBar()->sizeHint().width() - 2.0 * Theme::instance().px(textMargin);
}

void HelpReader::listSections() {
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

void HelpReader::goTo(int section) {
    const QListWidgetItem* item = m_sections->item(section);
    if (!item) return;
    QTextCursor cursor(m_text->document());
    cursor.setPosition(item->data(Qt::UserRole).toInt());
    m_text->moveCursor(QTextCursor::End);  // so that the heading comes to stand at the top
    m_text->setTextCursor(cursor);
    m_text->ensureCursorVisible();
    m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->value() + m_text->cursorRect().top() - Theme::instance().px(12));
}

/// To another page of the help, whose file it names, or to a section of this one.
void HelpReader::follow(const QUrl& link) {
    const QString file = QFileInfo(link.path()).fileName();
    if (const HelpPage* page = findHelpPage(file.section(QLatin1Char('.'), 0, 0))) setPage(*page);
    const auto named = m_sections->findItems(link.fragment(QUrl::FullyDecoded), Qt::MatchFixedString);
    if (link.hasFragment() && !named.isEmpty()) m_sections->setCurrentItem(named.front());
}

/// From the place on, then from the beginning.
void HelpReader::findNext() {
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
