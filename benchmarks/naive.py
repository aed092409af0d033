"""The naive pipeline, as people write it: the whole page through BeautifulSoup, the whole text through jieba, row by row."""

from collections.abc import Sequence
from pathlib import Path

import jieba
from bs4 import BeautifulSoup
from sqlalchemy import ForeignKey, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The tables of the notebook."""


class Article(Base):
    """A page as text."""

    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class Mention(Base):
    """A word that was found."""

    __tablename__ = "mention"
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    word: Mapped[str] = mapped_column(Text)


class Notebook:
    """Keeps pages and mentions in SQLite with its default settings."""

    def __init__(self, folder: str, words: Sequence[str]) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{folder}/naive.sqlite")
        Base.metadata.create_all(engine)
        self._session = Session(engine)
        self._words = frozenset(words)
        for word in words:
            jieba.add_word(word)
        jieba.initialize()

    def keep(self, url: str, page: str) -> None:
        """Read one page, find the words in it, commit."""
        soup = BeautifulSoup(page, "lxml")
        text = soup.get_text("\n")
        article = Article(url=url, title=soup.title.get_text() if soup.title else "", text=text)
        self._session.add(article)
        self._session.flush()
        for word in jieba.cut(text):
            if word in self._words:
                self._session.add(Mention(article_id=article.id, word=word))
        self._session.commit()
