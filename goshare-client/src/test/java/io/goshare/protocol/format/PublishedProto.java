package io.goshare.protocol.format;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** docs/schema/goshare.proto as a descriptor: a reader of the little of the language that it uses. */
final class PublishedProto {
    private static final Path FILE = Path.of("..", "docs", "schema", "goshare.proto");
    private static final Pattern LINE = Pattern.compile("(message|enum|oneof) (\\w+) \\{"
            + "|(?:(repeated|optional) )?(\\w+) (\\w+) = (\\d+);"
            + "|(\\w+) = (\\d+);"
            + "|(\\})");

    private PublishedProto() {}

    static FileDescriptor load() {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("goshare.proto")
                .setPackage("goshare")
                .setSyntax("proto3");
        DescriptorProto.Builder message = DescriptorProto.newBuilder();
        EnumDescriptorProto.Builder constants = null;
        boolean oneof = false;
        Matcher found = LINE.matcher(text());
        while (found.find()) {
            if ("message".equals(found.group(1))) {
                message = file.addMessageTypeBuilder().setName(found.group(2));
            } else if ("enum".equals(found.group(1))) {
                constants = message.addEnumTypeBuilder().setName(found.group(2));
            } else if ("oneof".equals(found.group(1))) {
                message.addOneofDeclBuilder().setName(found.group(2));
                oneof = true;
            } else if (found.group(7) != null && constants != null) {
                constants.addValueBuilder().setName(found.group(7)).setNumber(Integer.parseInt(found.group(8)));
            } else if (found.group(4) != null) {
                field(message, found, oneof);
            } else {
                oneof = false;
                constants = null;
            }
        }
        try {
            return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void field(DescriptorProto.Builder message, Matcher found, boolean oneof) {
        FieldDescriptorProto.Builder field = message.addFieldBuilder()
                .setName(found.group(5))
                .setNumber(Integer.parseInt(found.group(6)))
                .setLabel("repeated".equals(found.group(3)) ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
        String type = found.group(4);
        if (type.equals("Type")) {
            field.setType(Type.TYPE_ENUM).setTypeName(".goshare." + message.getName() + ".Type");
        } else if (Character.isUpperCase(type.charAt(0))) {
            field.setType(Type.TYPE_MESSAGE).setTypeName(".goshare." + type);
        } else {
            field.setType(Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
        }
        if (oneof) {
            field.setOneofIndex(0);
        } else if ("optional".equals(found.group(3))) {
            field.setOneofIndex(0).setProto3Optional(true);
            message.addOneofDeclBuilder().setName("_" + found.group(5));
        }
    }

    private static String text() {
        try {
            return Files.readString(FILE)
                    .replaceAll("//[^\n]*", "")
                    .replaceAll("(?m)^(syntax|package|option )[^\n]*", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
