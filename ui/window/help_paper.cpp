#include "ui/window/help_paper.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <memory>
#include <vector>

#include "ui/widgets/paper.h"
#include "ui/widgets/theme.h"
#include "ui/window/help_document.h"
#include "ui/window/help_pages.h"

namespace lab {
namespace {

constexpr double helpRoomHigh = paper::high - paper::foot;
constexpr double pictureShare = 0.9;  // of the page's width

int pageOf(const QTextBlock& block) {
    return static_cast<int>(block.document()->documentLayout()->blockBoundingRect(block).top() / helpRoomHigh);
}

std::vector<QTextBlock> headings(const QTextDocument& document, int level) {
    std::vector<QTextBlock> found;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
        if (block.blockFormat().headingLevel() == level) found.push_back(block);
    return found;
}

/// No page ends with a heading, nor with the line before a table or a list of commands.
void keepHeadings(QTextDocument& document) {
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0 || !block.next().isValid()) continue;
        QTextBlock text = block.next();
        while (text.blockFormat().headingLevel() > 0 && text.next().isValid()) text = text.next();
        if (pageOf(text) == pageOf(block)) continue;
        QTextCursor cursor(block);
        QTextBlockFormat format = block.blockFormat();
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        cursor.setBlockFormat(format);
    }
}

/// There is nothing to click on paper.
void plainLinks(QTextDocument& document) {
    std::vector<QTextFragment> links;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next())
        for (auto part = block.begin(); !part.atEnd(); ++part)
            if (part.fragment().charFormat().isAnchor()) links.push_back(part.fragment());
    for (const QTextFragment& link : links) {
        QTextCursor cursor(&document);
        cursor.setPosition(link.position());
        cursor.setPosition(link.position() + link.length(), QTextCursor::KeepAnchor);
        QTextCharFormat letters = link.charFormat();
        letters.setAnchor(false);
        letters.clearForeground();
        letters.setFontUnderline(false);
        cursor.setCharFormat(letters);
    }
}

/// A line for each section, before the first: its name, and its page once there is one.
class Contents {
public:
    explicit Contents(QTextDocument& document) : m_document(document) {
        const std::vector<QTextBlock> sections = headings(document, 2);
        if (sections.size() < 2) return;
        QTextCursor cursor(sections.front());
        const QTextBlockFormat heading = cursor.blockFormat();
        const QTextCharFormat letters = cursor.blockCharFormat();
        for (const QTextBlock& section : sections) {
            const QString name = section.text();
            cursor.insertBlock();
            QTextCursor line(cursor.block().previous());
            line.setBlockFormat(lineFormat());
            line.insertText(name + QLatin1Char('\t'), lineLetters());
            m_lines.push_back(line.block().blockNumber());
        }
        cursor.setBlockFormat(heading);
        cursor.setBlockCharFormat(letters);
    }

    void sayPages() {
        const std::vector<QTextBlock> sections = headings(m_document, 2);
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            QTextCursor end(m_document.findBlockByNumber(m_lines[i]));
            end.movePosition(QTextCursor::EndOfBlock);
            end.insertText(QString::number(pageOf(sections[i]) + 1), lineLetters());
        }
    }

private:
    static QTextBlockFormat lineFormat() {
        QTextBlockFormat format;
        format.setTabPositions({QTextOption::Tab(paper::wide - 1, QTextOption::RightTab)});
        format.setBottomMargin(2);
        return format;
    }
    static QTextCharFormat lineLetters() {
        QTextCharFormat letters;
        letters.setFont(Theme::instance().font(TextSize::text));
        return letters;
    }

    QTextDocument& m_document;
    std::vector<int> m_lines;
};

std::shared_ptr<QTextDocument> documentOf(const HelpPage& page) {
    auto document = std::make_shared<QTextDocument>();
    document->setDocumentMargin(0);
    document->setUseDesignMetrics(true);
    document->setPageSize(QSizeF(paper::wide, helpRoomHigh));
    setHelp(*document, helpText(page), paper::wide * pictureShare);
    plainLinks(*document);
    Contents contents(*document);
    keepHeadings(*document);
    contents.sayPages();
    return document;
}

void paintHelp(QPainter& painter, const QTextDocument& document, int page) {
    const QRectF room(0, page * helpRoomHigh, paper::wide, helpRoomHigh - 1);  // where the next begins a picture may
    painter.save();
    painter.translate(0, -room.top());
    painter.setClipRect(room);
    QAbstractTextDocumentLayout::PaintContext context;
    context.clip = room;
    context.palette.setColor(QPalette::Text, Theme::instance().color(Role::text));
    context.palette.setColor(QPalette::Link, Theme::instance().color(Role::text));
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

}  // namespace

void writeHelpPaper(const QString& path, const HelpPage& page) {
    writePaper(path, [&page] {
        const std::shared_ptr<QTextDocument> document = documentOf(page);
        const QString title = QStringLiteral("Attention Lab, ") + titleOf(page);
        return PaperPages{title, document->pageCount(), [document](QPainter& painter, int which) { paintHelp(painter, *document, which); }};
    });
}

}  // namespace lab
