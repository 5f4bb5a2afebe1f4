#pragma once

#include <QDialog>
#include <map>

class QComboBox;
class QLineEdit;
class QListWidget;
class QTextBrowser;
class QTextDocument;
class QUrl;

namespace lab {

struct HelpPage;

/// The pages of the help (help_pages.h), to be read beside the work: the page to be chosen, its sections and a search at the left.
class HelpReader : public QDialog {
    Q_OBJECT

public:
    explicit HelpReader(const HelpPage& page, QWidget* parent = nullptr);

    void setPage(const HelpPage& page);
    const HelpPage& page() const { return *m_page; }
    QTextBrowser& text() const { return *m_text; }
    QListWidget& sections() const { return *m_sections; }
    QLineEdit& search() const { return *m_search; }
    QComboBox& pages() const { return *m_pages; }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    void write();
    double pictureWidth() const;
    void listSections();
    void goTo(int section);
    void follow(const QUrl& link);
    void findNext();

    const HelpPage* m_page;
    QComboBox* m_pages;
    QListWidget* m_sections;
    QTextBrowser* m_text;
    QTextDocument* m_document = nullptr;  ///< what it shows; its child
    QLineEdit* m_search;
    std::map<const HelpPage*, int> m_places;  ///< where each was left
};

}  // namespace lab
